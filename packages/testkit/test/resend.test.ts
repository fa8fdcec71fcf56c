/** While an answer is missing the same bytes go out again; only a new epoch is a reason for others. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Append, ConversationId } from '@brieftaube/protocol'
import { encodeEntries } from '@brieftaube/protocol'
import type { Fetch, Socket, SocketEvents } from '@brieftaube/server'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person
let group: ConversationId
let deaf = false
const appends: Append[] = []

/** While `deaf`, alice hears no answers and no entries, neither live nor from the log. */
const fetchDeaf: Fetch = async (url, init) => {
  const response = await fetch(url, init)
  if (!deaf || !url.includes('/log?')) return response
  return new Response(encodeEntries([]), { status: 200 })
}

function wrapSocket(socket: Socket): Socket {
  return {
    ...socket,
    state: () => socket.state(),
    send: (name, request) => {
      if (name === 'append') appends.push(request as Append)
      return socket.send(name, request)
    },
    on: <Name extends keyof SocketEvents>(name: Name, listener: (event: SocketEvents[Name]) => void) =>
      socket.on(name, (event) => {
        if (!deaf || !['entry', 'appended', 'heads'].includes(name)) listener(event)
      }),
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  }
}

beforeAll(async () => {
  services = await startServices()
  alice = await signUp('alice', { baseUrl: services.url, wrapSocket, fetch: fetchDeaf })
  bob = await signUp('bob', { baseUrl: services.url })
  await befriend(alice, bob)
  group = (await bob.call('createGroup', { title: 'Nochmal', members: [alice.account] })).conversation
  await has(alice, group)
  await alice.send(group, 'Anfang')
  await bob.sees(group, ['Anfang'])
})

afterAll(async () => {
  await alice.stop()
  await bob.stop()
  await services[Symbol.asyncDispose]()
})

async function untilSent(count: number): Promise<void> {
  await expect.poll(() => appends.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count)
}

test('a message without an answer goes out again with the same bytes after a restart', async () => {
  appends.length = 0
  deaf = true
  await alice.send(group, 'einmal')
  await untilSent(1)
  await alice.restart()
  await untilSent(2)
  deaf = false
  await alice.restart()
  await alice.until('connection', {}, (state) => state.kind === 'online' && state.waiting === 0)
  await alice.sees(group, ['Anfang', 'einmal'])
  await bob.sees(group, ['Anfang', 'einmal'])
  const [first, second] = appends
  expect(second).toEqual(first)
})

test('in a new epoch it is encrypted again under the same number, and comes once', async () => {
  appends.length = 0
  deaf = true
  await bob.call('renameGroup', { conversation: group, title: 'Neuer Name' })
  await bob.call('setAdmin', { conversation: group, account: alice.account, admin: true })
  await alice.send(group, 'nach dem Wechsel')
  await untilSent(1)
  deaf = false
  await alice.restart()
  await bob.sees(group, ['Anfang', 'einmal', 'nach dem Wechsel'])
  await alice.sees(group, ['Anfang', 'einmal', 'nach dem Wechsel'])
  const last = appends.at(-1)
  const first = appends.find(({ counter }) => counter === last?.counter)
  expect(last?.epoch).toBe((first?.epoch ?? 0) + 1)
  expect(last?.mls).not.toEqual(first?.mls)
})
