/** What a device keeps: typed tables and message logs, sealed at rest, changed atomically. */
export { StorageError, type StorageErrorCode } from './errors.ts'
export {
  defineTable,
  type KeyPart,
  type Range,
  type RecordKey,
  type Table,
  type TableRecord,
} from './table.ts'
export { unsealed, type Sealer, type StorageKeys } from './sealer.ts'
export {
  cutMessages,
  put,
  putMessages,
  remove,
  removeMessages,
  removeRange,
  updateMessage,
  type Change,
  type MessageRecord,
} from './change.ts'
export type { CrashPoint, MessageLog, Migration, Store } from './store.ts'
export {
  openIndexedDbStore,
  openMemoryStore,
  createMemoryDisk,
  type MemoryDisk,
  type StoreOptions,
} from './open.ts'
