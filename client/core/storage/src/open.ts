/** The two forms of the store. */
import { openIndexedDbBackend } from './indexed-db-backend.ts'
import { openMemoryBackend, type MemoryDisk } from './memory-backend.ts'
import { openStore } from './open-store.ts'
import { unsealed, type Sealer, type StorageKeys } from './sealer.ts'
import type { CrashPoint, Migration, Store } from './store.ts'

export { createMemoryDisk, type MemoryDisk } from './memory-backend.ts'

export interface StoreOptions {
  /** Ascending from 1; none yet: an empty list. */
  readonly migrations?: readonly Migration[] | undefined
  readonly crashPoint?: CrashPoint | undefined
}

/** IndexedDB, sealed under a storage key that is made at the first opening. Rejects with `StorageError`. */
export async function openIndexedDbStore(
  options: StoreOptions & { readonly name: string; readonly keys: StorageKeys },
): Promise<Store> {
  return openStore(await openIndexedDbBackend(options.name, options.keys), options.name, options)
}

/** The twin in memory. What is on `disk` survives closing and killing the store, as a disk would. */
export async function openMemoryStore(
  options: StoreOptions & { readonly disk: MemoryDisk; readonly sealer?: Sealer | undefined },
): Promise<Store> {
  return openStore(openMemoryBackend(options.disk, options.sealer ?? unsealed), 'memory', options)
}
