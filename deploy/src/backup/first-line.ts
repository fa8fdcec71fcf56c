/** The key comes before the file on the same stream: it appears in no argument, environment or file of the container. */

const LONGEST = 4096

export async function splitFirstLine(
  source: AsyncIterable<Uint8Array>,
): Promise<{ readonly line: string; readonly rest: AsyncIterable<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]()
  let held = Buffer.alloc(0)
  while (!held.includes(10) && held.length < LONGEST) {
    const { done, value } = await chunks.next()
    if (done === true) break
    held = Buffer.concat([held, value])
  }
  const end = held.indexOf(10)
  const line = held.subarray(0, end === -1 ? held.length : end).toString()
  const first = end === -1 ? Buffer.alloc(0) : held.subarray(end + 1)
  async function* rest() {
    yield first
    for (;;) {
      const { done, value } = await chunks.next()
      if (done === true) return
      yield value
    }
  }
  return { line, rest: rest() }
}
