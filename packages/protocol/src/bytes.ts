/** Bytes: comparison, joining, text forms, and the length-checked reader and writer of every binary format. */

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const NO_SEXTET = 255
/** Values of letters by character code; on the path of every message. */
const SEXTETS = new Uint8Array(128).fill(NO_SEXTET)
for (let value = 0; value < BASE64URL.length; value++) SEXTETS[BASE64URL.charCodeAt(value)] = value
const LETTERS = Uint8Array.from(BASE64URL, (letter) => letter.charCodeAt(0))
const encoder = new TextEncoder()
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export type Bytes = Uint8Array<ArrayBuffer>

/** Thrown by `Reader` and the decoders built on it; nothing else about the input is revealed. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
}

export function encodeText(text: string): Bytes {
  return encoder.encode(text)
}

/** Strict UTF-8; throws `MalformedError`. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes)
  } catch {
    throw new MalformedError('not UTF-8')
  }
}

export function concatBytes(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

/** Lexicographic, as `memcmp`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** RFC 4648 section 5, without padding. */
export function encodeBase64Url(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    const first = LETTERS[group >> 18] ?? 0
    const second = LETTERS[(group >> 12) & 63] ?? 0
    const third = LETTERS[(group >> 6) & 63] ?? 0
    if (left > 2) text += String.fromCharCode(first, second, third, LETTERS[group & 63] ?? 0)
    else if (left > 1) text += String.fromCharCode(first, second, third)
    else text += String.fromCharCode(first, second)
  }
  return text
}

/** Canonical base64url only: no padding, no stray bits. Throws `MalformedError`. */
export function decodeBase64Url(text: string): Bytes {
  if (text.length % 4 === 1) throw new MalformedError('not base64url')
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let buffered = 0
  let bits = 0
  let offset = 0
  for (let index = 0; index < text.length; index++) {
    const sextet = SEXTETS[text.charCodeAt(index)] ?? NO_SEXTET
    if (sextet === NO_SEXTET) throw new MalformedError('not base64url')
    buffered = ((buffered << 6) | sextet) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[offset++] = (buffered >> bits) & 0xff
    }
  }
  if ((buffered & ((1 << bits) - 1)) !== 0) throw new MalformedError('not canonical base64url')
  return bytes
}

export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Appends big-endian fields; `u64` takes safe integers (< 2^53). What does not fit its field throws `RangeError`. */
export class Writer {
  #bytes: Bytes
  #view: DataView
  #length = 0

  constructor(capacityBytes = 256) {
    this.#bytes = new Uint8Array(capacityBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  u8(value: number): this {
    checkRange(value, 0xff)
    const at = this.#grow(1)
    this.#view.setUint8(at, value)
    return this
  }

  u16(value: number): this {
    checkRange(value, 0xffff)
    const at = this.#grow(2)
    this.#view.setUint16(at, value)
    return this
  }

  u32(value: number): this {
    checkRange(value, 0xffffffff)
    const at = this.#grow(4)
    this.#view.setUint32(at, value)
    return this
  }

  u64(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('u64 takes safe integers')
    const at = this.#grow(8)
    this.#view.setUint32(at, Math.floor(value / 2 ** 32))
    this.#view.setUint32(at + 4, value >>> 0)
    return this
  }

  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  /** u32 length, then the bytes. */
  block(bytes: Uint8Array): this {
    return this.u32(bytes.length).raw(bytes)
  }

  /** UTF-8 as a block. */
  text(text: string): this {
    return this.block(encodeText(text))
  }

  /** What was written: a copy, or the writer's own memory where that is exactly full; nothing may be written after. */
  finish(): Bytes {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length)
  }

  #grow(size: number): number {
    const at = this.#length
    this.#length += size
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    return at
  }
}

/** A `DataView` would keep the low bits of what is too large, and write another number. */
function checkRange(value: number, max: number): void {
  if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError('outside its field')
}

/** Reads what `Writer` wrote. Every read past the end throws `MalformedError`; `end()` refuses left-over bytes. */
export class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #offset = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
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

  u64(): number {
    const at = this.#take(8)
    const value = this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
    if (!Number.isSafeInteger(value)) throw new MalformedError('integer above 2^53')
    return value
  }

  /** A copy of `size` bytes. */
  raw(size: number): Bytes {
    const at = this.#take(size)
    const copy = new Uint8Array(size)
    copy.set(this.#bytes.subarray(at, at + size))
    return copy
  }

  /** As `block`, but a view into the input: for bytes that are passed on before the input is used again. */
  blockView(maxBytes: number): Bytes {
    const size = this.u32()
    if (size > maxBytes) throw new MalformedError('block too large')
    const at = this.#take(size)
    return this.#bytes.subarray(at, at + size) as Bytes
  }

  /** A u32 length of at most `maxBytes`, then a copy of the bytes. */
  block(maxBytes: number): Bytes {
    const size = this.u32()
    if (size > maxBytes) throw new MalformedError('block too large')
    return this.raw(size)
  }

  text(maxBytes: number): string {
    return decodeText(this.block(maxBytes))
  }

  get left(): number {
    return this.#bytes.length - this.#offset
  }

  end(): void {
    if (this.left !== 0) throw new MalformedError('bytes left over')
  }

  #take(size: number): number {
    if (size > this.left) throw new MalformedError('truncated')
    const at = this.#offset
    this.#offset += size
    return at
  }
}
