/** Runs the store's contract, then measures it, inside a browser's worker; posts the results. */
import {
  defineTable,
  openIndexedDbStore,
  put,
  putMessages,
  type MessageRecord,
  type Store,
} from '@brieftaube/storage'
import type { ConversationId } from '@brieftaube/protocol'
import { storeCases } from '../store-contract.ts'
import { webCryptoKeys } from '../web-crypto-keys.ts'

const scope = globalThis as unknown as {
  postMessage(message: unknown): void
  onmessage: (event: { data: string }) => void
}

/** The page says what to do next. */
scope.onmessage = ({ data }) => void (data === 'fill' ? fill() : runAll())

async function runAll(): Promise<void> {
  const outcomes: { title: string; error: string | undefined }[] = []
  for (const [index, each] of storeCases.entries()) {
    const name = `contract-${index}`
    const error = await each
      .run({ open: (options) => openIndexedDbStore({ name, keys: webCryptoKeys, ...options }) })
      .then(() => undefined)
      .catch((failure: unknown) => String(failure))
    outcomes.push({ title: each.title, error })
  }
  scope.postMessage({ outcomes, lost: await lose(), times: await measure() })
}

/** Writes until the browser refuses. What was accepted must stand, and there must be no half of what was not. */
async function fill(): Promise<void> {
  const store = await openIndexedDbStore({ name: 'full', keys: webCryptoKeys })
  const blobs = defineTable<[string, number], Uint8Array>('blobs')
  let accepted = 0
  let code = 'none'
  for (let n = 0; n < 60 && code === 'none'; n++) {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    const changes = Array.from({ length: 10 }, (_unused, part) => put(blobs, ['blob', n * 10 + part], bytes))
    await store.commit(changes).then(
      () => (accepted += 10),
      (error: { code?: string }) => (code = error.code ?? String(error)),
    )
  }
  const kept = (await store.list(blobs)).length
  scope.postMessage({ code, accepted, kept })
}

/** What the store says while and after the browser takes the database away. */
async function lose(): Promise<{ told: boolean; code: string; fresh: boolean }> {
  const store = await openIndexedDbStore({ name: 'lost', keys: webCryptoKeys })
  let told = false
  store.onLost(() => {
    told = true
  })
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase('lost')
    request.onsuccess = resolve
    request.onerror = resolve
  })
  const code = await store.list(defineTable('pins')).then(
    () => 'none',
    (error: { code?: string }) => error.code ?? 'unknown',
  )
  const again = await openIndexedDbStore({ name: 'lost', keys: webCryptoKeys })
  return { told, code, fresh: again.fresh }
}

const metas = defineTable<[string], object>('conversations')
const room = 'AAAAAAAAAAAAAAAAAAAAAA' as ConversationId
const hash = new Uint8Array(32).fill(5)

async function measure(): Promise<Record<string, number>> {
  const open = (): Promise<Store> => openIndexedDbStore({ name: 'measured', keys: webCryptoKeys })
  let store = await open()
  const times: Record<string, number> = {}
  const time = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now()
    await work()
    times[name] = Math.round((performance.now() - start) * 100) / 100
  }
  await time('100,000 messages in commits of 200', async () => {
    for (let seq = 1; seq <= 100_000; seq += 200) await store.commit([putMessages(room, lines(seq, 200))])
  })
  await time('100 commits of one message and a group state of 50 KB, each', async () => {
    for (let seq = 100_001; seq <= 100_100; seq++) {
      await store.commit([
        putMessages(room, lines(seq, 1)),
        put(metas, ['state'], { bytes: new Uint8Array(50_000) }),
      ])
    }
  })
  times['… one of them'] = (times['100 commits of one message and a group state of 50 KB, each'] ?? 0) / 100
  await store.commit(
    Array.from({ length: 1000 }, (_unused, index) => put(metas, [`room ${index}`], meta(index))),
  )
  await store[Symbol.asyncDispose]()
  await time('open', async () => {
    store = await open()
  })
  await time('the last 50 lines, cold', () => store.messages.tail(room, 50))
  await time('the last 50 lines, warm', () => store.messages.tail(room, 50))
  await time('50 lines before line 50,000', () => store.messages.pageBefore(room, 50_000, 50))
  await time('50 lines before line 30,000', () => store.messages.pageBefore(room, 30_000, 50))
  await time('1,000 conversations, cold', () => store.list(metas))
  await time('1,000 conversations, again', () => store.list(metas))
  return times
}

function lines(from: number, count: number): MessageRecord[] {
  return Array.from({ length: count }, (_unused, index) => {
    const seq = from + index
    const text = `A line of an ordinary length, number ${seq}, as people write them in messengers every day.`
    return {
      seq,
      at: seq,
      kind: 'text',
      generation: 0,
      head: hash,
      device: room,
      counter: seq,
      account: room,
      messageKey: hash,
      bodyHash: hash,
      text,
    }
  })
}

function meta(index: number): object {
  const preview = {
    kind: 'text',
    text: 'What was written last in this conversation',
    account: room,
    seq: index,
  }
  const receipts = Object.fromEntries(
    ['a', 'b', 'c'].map((name) => [name, { delivered: index, read: index }]),
  )
  return {
    conversation: room,
    kind: 'group',
    status: 'active',
    generation: 0,
    epoch: 3,
    seq: index,
    head: hash,
    accounts: [room, room, room],
    title: `Title ${index}`,
    draft: '',
    preview,
    receipts,
    warned: [],
    broken: [],
  }
}
