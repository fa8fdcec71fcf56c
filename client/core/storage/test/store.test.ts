/** The store's contract, on the twin in memory and on IndexedDB's twin in Node. */
import 'fake-indexeddb/auto'
import type { ConversationId } from '@brieftaube/protocol'
import { createMemoryDisk, openIndexedDbStore, openMemoryStore, putMessages } from '@brieftaube/storage'
import { describe, expect, test } from 'vitest'
import { storeCases, type Harness } from './store-contract.ts'
import { webCryptoKeys } from './web-crypto-keys.ts'

const room = 'AAAAAAAAAAAAAAAAAAAAAA' as ConversationId
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

test('lines that come one by one lie in few units', async () => {
  const disk = createMemoryDisk()
  const store = await openMemoryStore({ disk })
  for (let seq = 1; seq <= 300; seq++) await store.commit([putMessages(room, [{ seq }])])
  const units = (table: string): number => disk.records.filter(({ key }) => key[0] === table).length
  expect(units('messages/chunks')).toBe(3)
  expect(units('messages/tail')).toBeLessThanOrEqual(32)
})
