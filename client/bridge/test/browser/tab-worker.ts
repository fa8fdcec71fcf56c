/** The worker of a tab: a small core whose lines lie in real, sealed IndexedDB. */
import { serveCore } from '@brieftaube/bridge'
import type { CoreHost } from '@brieftaube/contract'
import { openIndexedDbStore, putMessages, type MessageRecord } from '@brieftaube/storage'
import { webCryptoKeys } from '../../../core/storage/test/web-crypto-keys.ts'
import { room } from '../toy-core.ts'

interface Line extends MessageRecord {
  readonly key: string
  readonly text: string
}

serveCore(async () => {
  const store = await openIndexedDbStore({ name: 'profile', keys: webCryptoKeys })
  const lines = await store.messages.tail<Line>(room, 10_000)
  const listeners = new Set<() => void>()
  let last: Promise<unknown> = Promise.resolve()
  const add = async (localId: string, text: string): Promise<void> => {
    if (lines.some((line) => line.key === localId)) return
    const line = { seq: lines.length + 1, key: localId, text }
    await store.commit([putMessages(room, [line])])
    lines.push(line)
    for (const listener of listeners) listener()
  }
  return {
    call: ((name: string, input: { localId: string; text: string }) => {
      last = last.then(() => (name === 'sendText' ? add(input.localId, input.text) : undefined))
      return last
    }) as CoreHost['call'],
    watch: ((_name: string, _parameter: unknown, listener: (state: unknown) => void) => {
      const tell = (): void => {
        listener({ conversation: room, messages: [...lines], more: false, readSeq: 0, joinedLater: false })
      }
      listeners.add(tell)
      tell()
      return () => listeners.delete(tell)
    }) as CoreHost['watch'],
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
})
