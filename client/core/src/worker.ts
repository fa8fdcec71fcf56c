/** The worker of a tab: its core on IndexedDB, served to whatever tab holds the window. */
import { serveCore } from '@brieftaube/bridge'
import { createStorageKey, openRecord, sealRecord } from '@brieftaube/encryption'
import type { Bytes } from '@brieftaube/protocol'
import { openIndexedDbStore, type StorageKeys } from '@brieftaube/storage'
import { startCore } from './compose.ts'

const keys: StorageKeys = {
  create: createStorageKey,
  sealer: (key) => ({
    seal: (context, plain) => sealRecord(key, context, plain as Bytes),
    open: (context, sealed) => openRecord(key, context, sealed),
  }),
}

serveCore(async () => {
  const store = await openIndexedDbStore({ name: 'brieftaube', keys })
  return startCore({ store, baseUrl: globalThis.location.origin })
})
