/** Typed tables over one sealed key-value form: a new table needs no new version of the database. */

/** Numbers order before text, as IndexedDB orders them; numbers are finite. */
export type KeyPart = string | number
export type RecordKey = readonly KeyPart[]

declare const types: unique symbol

/** Only the name exists at run time; key and value are for the compiler. */
export interface Table<Key extends RecordKey, Value> {
  readonly name: string
  readonly [types]?: { readonly key: Key; readonly value: Value }
}

/**
 * `Value` may hold plain objects, arrays, text, finite numbers, booleans, null and `Uint8Array`s at any depth; keys of
 * objects whose value is undefined vanish. Key parts are stored in the clear: ids and numbers only, never names.
 */
export function defineTable<Key extends RecordKey, Value>(name: string): Table<Key, Value> {
  return { name }
}

export interface TableRecord<Key extends RecordKey, Value> {
  readonly key: Key
  readonly value: Value
}

/** Which records of a table: all whose key begins with `prefix`, in ascending order, at most `limit`. */
export interface Range {
  readonly prefix?: RecordKey | undefined
  readonly limit?: number | undefined
}

/** The order of IndexedDB for arrays of numbers and text. */
export function compareKeys(a: RecordKey, b: RecordKey): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const order = compareParts(a[index] ?? 0, b[index] ?? 0)
    if (order !== 0) return order
  }
  return a.length - b.length
}

function compareParts(a: KeyPart, b: KeyPart): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  if (a === b) return 0
  return a < b ? -1 : 1
}
