/**
 * PostgreSQL's binary form of a one-dimensional array without nulls: dimensions, flags, element type, length, lower bound
 * (each int32), then every element as int32 length and bytes. `pg` sends a Buffer parameter as it is, which spares the
 * text form of a megabyte of ciphertext.
 */
const HEADER_BYTES = 20

export const elementTypes = { int4: 23, int8: 20, uuid: 2950, bytea: 17 } as const

function header(array: Buffer, elementType: number, count: number): void {
  array.writeInt32BE(1, 0)
  array.writeInt32BE(0, 4)
  array.writeInt32BE(elementType, 8)
  array.writeInt32BE(count, 12)
  array.writeInt32BE(1, 16)
}

/** What does not fit 32 signed bits wraps around: it equals nothing that is stored, and must not fail its whole batch. */
export function encodeInt4Array(values: readonly number[]): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + values.length * 8)
  header(array, elementTypes.int4, values.length)
  let offset = HEADER_BYTES
  for (const value of values) {
    array.writeInt32BE(4, offset)
    array.writeInt32BE(value | 0, offset + 4)
    offset += 8
  }
  return array
}

/** Safe integers only. */
export function encodeInt8Array(values: readonly number[]): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + values.length * 12)
  header(array, elementTypes.int8, values.length)
  let offset = HEADER_BYTES
  for (const value of values) {
    array.writeInt32BE(8, offset)
    array.writeInt32BE(Math.floor(value / 2 ** 32), offset + 4)
    array.writeUInt32BE(value >>> 0, offset + 8)
    offset += 12
  }
  return array
}

/** `uuid` or `bytea`. */
export function encodeBytesArray(elementType: 2950 | 17, values: readonly Uint8Array[]): Buffer {
  let size = HEADER_BYTES
  for (const value of values) size += 4 + value.length
  const array = Buffer.allocUnsafe(size)
  header(array, elementType, values.length)
  let offset = HEADER_BYTES
  for (const value of values) {
    array.writeInt32BE(value.length, offset)
    array.set(value, offset + 4)
    offset += 4 + value.length
  }
  return array
}
