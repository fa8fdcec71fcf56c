/** Collects calls and runs `work` once for all of them at the end of the current tick. */
export function oncePerTick(work: () => void): () => void {
  let scheduled = false
  return () => {
    if (scheduled) return
    scheduled = true
    queueMicrotask(() => {
      scheduled = false
      work()
    })
  }
}
