/**
 * Values as bytes: format u8 (1) · JSON as a block · count u32 · byte arrays as blocks. In the JSON a byte array stands
 * as `{"\0": index}`, so that group states and keys are neither inflated nor searched.
 */
import { decodeText, encodeText, MalformedError, Reader, Writer, type Bytes } from '@brieftaube/protocol'

const FORMAT = 1
const MARK = '\0'
const MAX_BLOCK_BYTES = 64 * 1024 * 1024

/** Throws `TypeError` for what cannot be kept: functions, class instances, maps, numbers that are not finite. */
export function encodeValue(value: unknown): Bytes {
  const blocks: Uint8Array[] = []
  const json = encodeText(JSON.stringify(lift(value, blocks) ?? null))
  const size = blocks.reduce((sum, block) => sum + block.length + 4, json.length + 16)
  const writer = new Writer(size).u8(FORMAT).block(json).u32(blocks.length)
  for (const block of blocks) writer.block(block)
  return writer.finish()
}

/** Throws `MalformedError`. */
export function decodeValue(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes)
  if (reader.u8() !== FORMAT) throw new MalformedError('unknown record format')
  const json: unknown = JSON.parse(decodeText(reader.block(MAX_BLOCK_BYTES)))
  const blocks = Array.from({ length: reader.u32() }, () => reader.block(MAX_BLOCK_BYTES))
  reader.end()
  return blocks.length === 0 ? json : lower(json, blocks)
}

function lift(value: unknown, blocks: Uint8Array[]): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('only finite numbers can be stored')
      return value
    case 'object':
      return value === null ? null : liftObject(value, blocks)
    default:
      throw new TypeError(`a ${typeof value} cannot be stored`)
  }
}

/** A copy only where byte arrays are inside. */
function liftObject(value: object, blocks: Uint8Array[]): unknown {
  if (value instanceof Uint8Array) return { [MARK]: blocks.push(value) - 1 }
  if (Array.isArray(value)) return liftArray(value, blocks)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('only plain objects can be stored')
  if (Object.hasOwn(value, MARK)) throw new TypeError('a key is reserved')
  let copy: Record<string, unknown> | undefined
  for (const [key, item] of Object.entries(value)) {
    const lifted = lift(item, blocks)
    if (lifted === item) continue
    copy ??= { ...value }
    copy[key] = lifted
  }
  return copy ?? value
}

function liftArray(value: readonly unknown[], blocks: Uint8Array[]): readonly unknown[] {
  let copy: unknown[] | undefined
  for (const [index, item] of value.entries()) {
    const lifted = lift(item, blocks)
    if (lifted === item) continue
    copy ??= [...value]
    copy[index] = lifted
  }
  return copy ?? value
}

/** In place: what JSON.parse has made belongs to nobody else. */
function lower(value: unknown, blocks: readonly Bytes[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  const index = (value as Record<string, unknown>)[MARK]
  if (typeof index === 'number') return blocks[index]
  const container = value as Record<string, unknown>
  for (const key of Object.keys(container)) {
    const item = container[key]
    if (typeof item === 'object' && item !== null) container[key] = lower(item, blocks)
  }
  return container
}
