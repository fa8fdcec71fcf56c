/** What an authenticated connection costs while nobody writes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { randomId } from '@brieftaube/encryption'
import type { AccountId, DeviceId } from '@brieftaube/protocol'
import type { ChatUnderTest } from './chat-under-test.ts'
import { openChatSocket } from './chat-socket.ts'
import { inParallel } from './people.ts'

export interface IdleCost {
  readonly connections: number
  /** Growth of the process, and of what JavaScript holds, per connection. */
  readonly residentBytes: number
  readonly heapBytes: number
  readonly connectSeconds: number
}

/** Best on a service that has done nothing else: memory that was used and freed would hide what connections take. */
export async function measureIdle(chat: ChatUnderTest, connections: number): Promise<IdleCost> {
  const connect = () => {
    const { port, origin, issuer } = chat.server
    const ticket = issuer.ticket(randomId<AccountId>(), randomId<DeviceId>())
    return openChatSocket({ port, origin, ticket, onEvent: () => undefined })
  }
  const first = await inParallel(WARM_CONNECTIONS, 10, connect)
  await sleep(1000)
  const before = await atRest(chat)
  const began = performance.now()
  const sockets = await inParallel(connections, 50, connect)
  const connectSeconds = (performance.now() - began) / 1000
  await sleep(2000)
  const after = await atRest(chat)
  for (const socket of [...first, ...sockets]) socket.close()
  await sleep(1000)
  return {
    connections,
    residentBytes: (after.resident - before.resident) / connections,
    heapBytes: (after.heap - before.heap) / connections,
    connectSeconds,
  }
}

/** Code that was never run and buffers that were never made are not the price of a connection. */
const WARM_CONNECTIONS = 100

async function atRest(chat: ChatUnderTest): Promise<{ resident: number; heap: number }> {
  await chat.memory()
  await sleep(500)
  const { heapUsed, external } = await chat.memory()
  return { resident: chat.residentBytes(), heap: heapUsed + external }
}
