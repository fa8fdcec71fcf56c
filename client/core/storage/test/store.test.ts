/** The store's contract, on the twin in memory and on IndexedDB's twin in Node. */
import 'fake-indexeddb/auto'
import { createMemoryDisk, openIndexedDbStore, openMemoryStore } from '@brieftaube/storage'
import { describe, test } from 'vitest'
import { storeCases, type Harness } from './store-contract.ts'
import { webCryptoKeys } from './web-crypto-keys.ts'

let names = 0

function memory(): Harness {
  const disk = createMemoryDisk()
  return { open: (options) => openMemoryStore({ disk, ...options }) }
}

function indexedDb(): Harness {
  const name = `contract-${++names}`
  return { open: (options) => openIndexedDbStore({ name, keys: webCryptoKeys, ...options }) }
}

describe.each([
  ['memory', memory],
  ['IndexedDB', indexedDb],
])('the store in %s', (_form, harness) => {
  for (const each of storeCases) test(each.title, () => each.run(harness()))
})
