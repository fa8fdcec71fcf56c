/**
 * Reader of the TLS presentation language as MLS uses it (RFC 9420 section 2.1), accepting canonical bytes only:
 * vector lengths in their shortest form, booleans 0 or 1. It hands out views, never copies, and allocates nothing by a
 * length it was told. Every refusal is a `MalformedError`.
 */
import { equalBytes, MalformedError } from '@brieftaube/protocol'

export class TlsReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get offset(): number {
    return this.#offset
  }

  get left(): number {
    return this.#bytes.length - this.#offset
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  /** Safe integers only: no honest epoch or time comes near 2^53. */
  u64(): number {
    const at = this.#take(8)
    const value = this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
    if (!Number.isSafeInteger(value)) throw new MalformedError('integer above 2^53')
    return value
  }

  raw(size: number): Uint8Array {
    const at = this.#take(size)
    return this.#bytes.subarray(at, at + size)
  }

  /** `opaque x<V>`, of exactly or at most so many bytes. */
  vector(maxBytes: number, minBytes = 0): Uint8Array {
    const size = this.#length()
    if (size > maxBytes || size < minBytes) throw new MalformedError('vector size')
    return this.raw(size)
  }

  /** `T x<V>`: reads items until the vector is used up; at most `maxItems`. */
  list<T>(maxBytes: number, maxItems: number, item: (reader: TlsReader) => T): T[] {
    const reader = new TlsReader(this.vector(maxBytes))
    const items: T[] = []
    while (reader.left > 0) {
      if (items.length === maxItems) throw new MalformedError('too many items')
      items.push(item(reader))
    }
    return items
  }

  /** `optional<T>` */
  optional<T>(item: (reader: TlsReader) => T): T | undefined {
    const present = this.u8()
    if (present > 1) throw new MalformedError('presence octet')
    return present === 1 ? item(this) : undefined
  }

  /** Refuses anything but these bytes. */
  expect(bytes: Uint8Array, what: string): void {
    if (!equalBytes(this.raw(bytes.length), bytes)) throw new MalformedError(what)
  }

  /** The bytes read since `offset`. */
  since(offset: number): Uint8Array {
    return this.#bytes.subarray(offset, this.#offset)
  }

  end(): void {
    if (this.left !== 0) throw new MalformedError('bytes left over')
  }

  #length(): number {
    const first = this.u8()
    const form = first >> 6
    const head = first & 0x3f
    if (form === 0) return head
    if (form === 1) return atLeast(64, (head << 8) | this.u8())
    if (form === 2) return atLeast(16384, head * 2 ** 24 + (this.u8() << 16) + this.u16())
    throw new MalformedError('vector length')
  }

  #take(size: number): number {
    if (size > this.left) throw new MalformedError('truncated')
    const at = this.#offset
    this.#offset += size
    return at
  }
}

function atLeast(smallest: number, length: number): number {
  if (length < smallest) throw new MalformedError('length not in its shortest form')
  return length
}

/** The length prefix of `opaque x<V>` in its shortest form. */
export function encodeVectorLength(length: number): Uint8Array {
  if (length < 64) return Uint8Array.of(length)
  if (length < 16384) return Uint8Array.of(0x40 | (length >> 8), length & 0xff)
  return Uint8Array.of(0x80 | (length >> 24), (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff)
}

/** Turns whatever a decoder may throw into `MalformedError`, so that callers have one thing to catch. */
export function refuseMalformed<T>(decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    if (cause instanceof MalformedError) throw cause
    throw new MalformedError('not decodable', { cause })
  }
}
