/** What lies in the database: sealed, bound to its place, and worth nothing without its key. */
import 'fake-indexeddb/auto'
import type { ConversationId } from '@brieftaube/protocol'
import { defineTable, openIndexedDbStore, put, putMessages, type Store } from '@brieftaube/storage'
import { openDB, type IDBPDatabase } from 'idb'
import { describe, expect, test } from 'vitest'
import { rejectsWithCode } from './store-contract.ts'
import { webCryptoKeys } from './web-crypto-keys.ts'

const notes = defineTable<[string], { text: string; bytes: Uint8Array }>('notes')
const room = 'AAAAAAAAAAAAAAAAAAAAAA' as ConversationId
const canary = 'a dead parrot'
let names = 0

async function stored(): Promise<{ name: string; store: Store }> {
  const name = `rest-${++names}`
  const store = await openIndexedDbStore({ name, keys: webCryptoKeys })
  const bytes = new TextEncoder().encode(canary)
  await store.commit([
    put(notes, ['one'], { text: canary, bytes }),
    put(notes, ['two'], { text: 'two', bytes }),
    putMessages(room, [{ seq: 1, text: canary }]),
  ])
  await store[Symbol.asyncDispose]()
  return { name, store }
}

async function tamper(name: string, change: (database: IDBPDatabase) => Promise<unknown>): Promise<void> {
  const database = await openDB(name)
  await change(database)
  database.close()
}

const open = (name: string): Promise<Store> => openIndexedDbStore({ name, keys: webCryptoKeys })

describe('what lies in the database', () => {
  test('is sealed, under a key that cannot be exported', async () => {
    const { name } = await stored()
    await tamper(name, async (database) => {
      const values = (await database.getAll('records')) as Uint8Array[]
      expect(values).toHaveLength(3)
      for (const value of values) {
        expect(value).toBeInstanceOf(Uint8Array)
        expect(Buffer.from(value).includes(canary)).toBe(false)
      }
      const key = (await database.get('device', 'storage-key')) as CryptoKey
      expect(key.extractable).toBe(false)
    })
  })

  test('does not open in another place', async () => {
    const { name } = await stored()
    await tamper(name, async (database) => {
      await database.put('records', await database.get('records', ['notes', 'one']), ['notes', 'two'])
    })
    const store = await open(name)
    await rejectsWithCode(store.get(notes, ['two']), 'storage-damaged')
    expect((await store.get(notes, ['one']))?.text).toBe(canary)
  })

  test('is lost when its key is gone, says so once, and begins anew', async () => {
    const { name } = await stored()
    await tamper(name, (database) => database.delete('device', 'storage-key'))
    await rejectsWithCode(open(name), 'storage-lost')
    const store = await open(name)
    expect(store.fresh).toBe(true)
    expect(await store.list(notes)).toEqual([])
  })

  test('is not touched when a newer version has changed the form of the database', async () => {
    const name = `rest-${++names}`
    const newer = await openDB(name, 99, { upgrade: (database) => void database.createObjectStore('future') })
    newer.close()
    await rejectsWithCode(open(name), 'storage-newer')
  })

  test('is under another key after wiping', async () => {
    const { name } = await stored()
    let before: Uint8Array = new Uint8Array(0)
    await tamper(
      name,
      async (database) => (before = (await database.get('records', ['notes', 'one'])) as Uint8Array),
    )
    const store = await open(name)
    await store.wipe()
    await store[Symbol.asyncDispose]()
    await tamper(name, (database) => database.put('records', before, ['notes', 'one']))
    await rejectsWithCode((await open(name)).get(notes, ['one']), 'storage-damaged')
  })
})
