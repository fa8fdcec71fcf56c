/** Runs tasks one after the other, in the order in which they were asked for. A failing task does not stop the next. */
export interface Lane {
  run<T>(task: () => Promise<T> | T): Promise<T>
  /** Resolves when everything asked for so far is done. */
  settled(): Promise<void>
}

export function createLane(): Lane {
  let tail: Promise<unknown> = Promise.resolve()
  return {
    run: (task) => {
      const result = tail.then(task)
      tail = result.catch(() => undefined)
      return result
    },
    settled: async () => {
      await tail
    },
  }
}
