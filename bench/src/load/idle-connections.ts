/** What an authenticated connection costs while nobody writes. */
import type { ChatUnderTest } from './chat-under-test.ts'
import { openChatSocket } from './chat-socket.ts'
import { createPerson, inParallel } from './people.ts'

export interface IdleCost {
  readonly connections: number
  /** Growth of the process, and of what JavaScript holds, per connection. */
  readonly residentBytes: number
  readonly heapBytes: number
  readonly connectSeconds: number
}

export async function measureIdle(chat: ChatUnderTest, connections: number): Promise<IdleCost> {
  // each person has up to five sockets, as many as a device may have
  const people = await inParallel(Math.ceil(connections / 5), 4, () => createPerson(chat.server))
  const connect = (index: number) => {
    const person = people[index % people.length]
    if (person === undefined) throw new Error('no person')
    const { server } = chat
    const ticket = server.issuer.ticket(person.account, person.device.device)
    return openChatSocket({ port: server.port, origin: server.origin, ticket, onEvent: () => undefined })
  }
  const warm = await inParallel(Math.min(100, connections), 20, connect)
  for (const socket of warm) socket.close()
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const before = await rest(chat)
  const began = performance.now()
  const sockets = await inParallel(connections, 50, connect)
  const connectSeconds = (performance.now() - began) / 1000
  await new Promise((resolve) => setTimeout(resolve, 2000))
  const after = await rest(chat)
  for (const socket of sockets) socket.close()
  return {
    connections,
    residentBytes: (after.resident - before.resident) / connections,
    heapBytes: (after.heap - before.heap) / connections,
    connectSeconds,
  }
}

async function rest(chat: ChatUnderTest): Promise<{ resident: number; heap: number }> {
  await chat.memory()
  const { heapUsed, external } = await chat.memory()
  return { resident: chat.residentBytes(), heap: heapUsed + external }
}
