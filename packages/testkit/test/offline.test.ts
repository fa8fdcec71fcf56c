import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import {
  befriend,
  has,
  newLocalId,
  signUp,
  startFaultProxy,
  startServices,
  type FaultProxy,
  type Person,
  type Services,
} from '@brieftaube/testkit'

let services: Services
let proxy: FaultProxy
let alice: Person
let bob: Person
let direct: ConversationId
const expected: string[] = []

beforeAll(async () => {
  services = await startServices()
  proxy = await startFaultProxy(services.port)
  alice = await signUp('alice', { baseUrl: proxy.url })
  bob = await signUp('bob', { baseUrl: services.url })
  await befriend(alice, bob)
  direct = (await alice.call('openDirect', { account: bob.account })).conversation
  await has(bob, direct)
})

afterAll(async () => {
  await alice.stop()
  await bob.stop()
  await proxy[Symbol.asyncDispose]()
  await services[Symbol.asyncDispose]()
})

async function goOffline(): Promise<void> {
  proxy.refuse()
  proxy.cut()
  await alice.until('connection', {}, ({ kind }) => kind !== 'online')
}

async function comeBack(): Promise<void> {
  proxy.accept()
  await alice.call('reconnect', {})
}

test('200 messages written offline arrive once and in order, also when the app is restarted in between', async () => {
  await goOffline()
  for (let index = 0; index < 200; index++) {
    expected.push(`Nachricht ${String(index)}`)
    await alice.send(direct, `Nachricht ${String(index)}`)
    if (index === 100) await alice.restart()
  }
  const { waiting } = await alice.until('connection', {}, (state) => state.waiting === 200)
  expect(waiting).toBe(200)
  await comeBack()
  await alice.until('connection', {}, (state) => state.waiting === 0, 40_000)
  await bob.until('conversations', {}, (rows) => rows.some((row) => row.unread === 200))
  await bob.call('loadOlder', { conversation: direct, beforeSeq: 0 }).catch(() => undefined)
  let view = await bob.until('messages', { conversation: direct }, () => true)
  expect(view.messages.length).toBeGreaterThanOrEqual(50)
  const all = await everything(bob)
  expect(all).toEqual(expected)
  expect(await everything(alice)).toEqual(expected)
  view = await alice.until('messages', { conversation: direct }, () => true)
  expect(view.messages.every((message) => message.kind !== 'broken')).toBe(true)
})

async function everything(person: Person): Promise<string[]> {
  let latest: string[] = []
  const stop = person.core.watch('messages', { conversation: direct }, ({ messages }) => {
    latest = messages.flatMap((message) => (message.kind === 'text' ? [message.text] : []))
  })
  for (let more = true; more;)
    more = (await person.call('loadOlder', { conversation: direct, beforeSeq: 0 })).more
  await new Promise((resolve) => setTimeout(resolve, 100))
  stop()
  return latest
}

test('the same local id sends once', async () => {
  const localId = newLocalId()
  const input = { conversation: direct, localId, text: 'nur einmal' }
  await Promise.all([alice.call('sendText', input), alice.call('sendText', input)])
  await alice.until('connection', {}, (state) => state.waiting === 0)
  await alice.call('sendText', input)
  await alice.send(direct, 'danach')
  await bob.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'danach'),
  )
  const texts = await bob.texts(direct)
  expect(texts.filter((text) => text === 'nur einmal')).toHaveLength(1)
})

test('an answer that is lost with the connection costs nothing', async () => {
  for (let round = 0; round < 10; round++) {
    const text = `Runde ${String(round)}`
    await alice.send(direct, text)
    await new Promise((resolve) => setTimeout(resolve, round * 2))
    proxy.cut()
    await alice.call('reconnect', {})
  }
  await alice.until('connection', {}, (state) => state.waiting === 0 && state.kind === 'online', 30_000)
  await bob.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'Runde 9'),
  )
  const rounds = (await bob.texts(direct)).filter((text) => text.startsWith('Runde'))
  expect(rounds).toEqual(Array.from({ length: 10 }, (_, round) => `Runde ${String(round)}`))
})

test('a server that restarts loses nothing', async () => {
  await bob.send(direct, 'vor dem Neustart')
  await bob.until('connection', {}, (state) => state.waiting === 0)
  await services.restart()
  await alice.send(direct, 'nach dem Neustart')
  await Promise.all([alice.call('reconnect', {}), bob.call('reconnect', {})])
  await bob.until(
    'messages',
    { conversation: direct },
    ({ messages }) =>
      messages.some((message) => message.kind === 'text' && message.text === 'nach dem Neustart'),
    30_000,
  )
  const texts = (await bob.texts(direct)).filter((text) => text.endsWith('Neustart'))
  expect(texts).toEqual(['vor dem Neustart', 'nach dem Neustart'])
})
