/** The raw key-value form under a store: sealed bytes by key, one atomic write. One for IndexedDB, one in memory. */
import type { Bytes } from '@brieftaube/protocol'
import type { Sealer } from './sealer.ts'
import type { RecordKey } from './table.ts'

export interface RawRecord {
  readonly key: RecordKey
  readonly sealed: Uint8Array
}

export type RawChange =
  | { readonly kind: 'put'; readonly key: RecordKey; readonly sealed: Bytes }
  | { readonly kind: 'remove'; readonly key: RecordKey }
  | { readonly kind: 'remove-range'; readonly prefix: RecordKey }

/** Every method rejects with `StorageError`. */
export interface Backend {
  readonly fresh: boolean
  /** Of the current storage key; another after `wipe`. */
  sealer(): Sealer
  /** The version of the last migration that was carried out. */
  version(): Promise<number>
  getMany(keys: readonly RecordKey[]): Promise<(Uint8Array | undefined)[]>
  list(prefix: RecordKey, limit: number | undefined): Promise<RawRecord[]>
  keys(prefix: RecordKey): Promise<RecordKey[]>
  /** In one transaction; with `version`, that is stored too. */
  write(changes: readonly RawChange[], version?: number): Promise<void>
  wipe(): Promise<void>
  onLost(listener: () => void): void
  close(): Promise<void>
}
