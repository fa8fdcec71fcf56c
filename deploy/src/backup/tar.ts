/**
 * A tar archive (POSIX ustar) as a stream of parts, each small enough for memory: the plaintext of a backup, which `age -d`
 * and `tar` can open without us.
 */

export interface Part {
  /** At most 100 bytes. */
  readonly name: string
  readonly bytes: Uint8Array
}

export class DamagedBackupError extends Error {
  override readonly name = 'DamagedBackupError'
}

const BLOCK = 512
/** No part is larger; a larger size is damage. */
const PART_MAX_BYTES = 64 * 1024 * 1024

export async function* packTar(parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    yield headerOf(part)
    yield part.bytes
    const rest = part.bytes.length % BLOCK
    if (rest > 0) yield new Uint8Array(BLOCK - rest)
  }
  yield new Uint8Array(2 * BLOCK)
}

function headerOf({ name, bytes }: Part): Uint8Array {
  const header = Buffer.alloc(BLOCK)
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a part's name`)
  header.write(name, 0)
  header.write('0000600\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** Throws `DamagedBackupError` for anything that `packTar` does not write, an end that is missing included. */
export async function* unpackTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  const reader = createReader(chunks)
  for (;;) {
    const header = await reader.take(BLOCK)
    if (header.every((byte) => byte === 0)) return
    const name = textOf(header.subarray(0, 100))
    const size = Number.parseInt(textOf(header.subarray(124, 136)), 8)
    const sum = Number.parseInt(textOf(header.subarray(148, 156)), 8)
    header.fill(0x20, 148, 156)
    if (sum !== sumOf(header) || !(size >= 0 && size <= PART_MAX_BYTES))
      throw new DamagedBackupError('The backup is damaged.')
    const bytes = await reader.take(size)
    await reader.take((BLOCK - (size % BLOCK)) % BLOCK)
    yield { name, bytes }
  }
}

function createReader(chunks: AsyncIterable<Uint8Array>): { take(count: number): Promise<Buffer> } {
  const source = chunks[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  return {
    take: async (count) => {
      const pieces = [held]
      let length = held.length
      while (length < count) {
        const { done, value } = await source.next()
        if (done === true) throw new DamagedBackupError('The backup is not complete.')
        pieces.push(Buffer.from(value.buffer, value.byteOffset, value.length))
        length += value.length
      }
      const all = pieces.length === 1 ? held : Buffer.concat(pieces)
      held = all.subarray(count)
      return Buffer.from(all.subarray(0, count))
    },
  }
}

function sumOf(header: Uint8Array): number {
  return header.reduce((sum, byte) => sum + byte, 0)
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end))
    .toString()
    .trim()
}
