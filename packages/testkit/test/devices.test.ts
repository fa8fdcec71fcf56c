import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import {
  befriend,
  has,
  logInElsewhere,
  signUp,
  startPerson,
  startServices,
  testPassword,
  type Person,
  type Services,
} from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person
let laptop: Person
let direct: ConversationId
let group: ConversationId

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl })
  bob = await signUp('bob', { baseUrl })
  await befriend(alice, bob)
  direct = (await alice.call('openDirect', { account: bob.account })).conversation
  group = (await alice.call('createGroup', { title: 'Verein', members: [bob.account] })).conversation
  await has(bob, direct)
  await has(bob, group)
  await alice.send(direct, 'vorher')
  await bob.sees(direct, ['vorher'])
})

afterAll(async () => {
  for (const person of [alice, bob, laptop]) await person.stop()
  await services[Symbol.asyncDispose]()
})

test('a second browser of alice takes part at once, and everybody sees the line', async () => {
  laptop = await logInElsewhere(alice, { baseUrl: services.url })
  await laptop.until('conversation', { conversation: direct }, (view) => view.sendingBlocked === undefined)
  await laptop.until('conversation', { conversation: group }, (view) => view.sendingBlocked === undefined)
  await bob.send(direct, 'an beide')
  await laptop.sees(direct, ['an beide'])
  await laptop.send(direct, 'vom Laptop')
  await alice.sees(direct, ['vorher', 'an beide', 'vom Laptop'])
  await bob.sees(direct, ['vorher', 'an beide', 'vom Laptop'])
  await alice.send(direct, 'vom ersten')
  await laptop.sees(direct, ['an beide', 'vom Laptop', 'vom ersten'])
  const lines = (person: Person) =>
    person.until('messages', { conversation: direct }, ({ messages }) =>
      messages.some((message) => message.kind === 'system' && message.event.kind === 'device-added'),
    )
  await lines(alice)
  await lines(bob)
})

test('it joins each conversation with one commit', async () => {
  await bob.send(group, 'gezählt')
  const { messages } = await bob.until('messages', { conversation: group }, (view) =>
    view.messages.some((message) => message.kind === 'text' && message.seq !== undefined),
  )
  // the first commit, the title, the laptop's commit, this message
  expect(messages.at(-1)?.seq).toBe(4)
})

test('it knows the title of the group, says that it came later, and shows own messages as own', async () => {
  await laptop.until('conversations', {}, (rows) => rows.some((row) => row.title === 'Verein'))
  const view = await laptop.until('messages', { conversation: direct }, ({ messages }) => messages.length > 2)
  expect(view.joinedLater).toBe(true)
  const own = view.messages.filter((message) => message.kind === 'text' && message.own)
  expect(own).toHaveLength(2)
})

test('a new conversation reaches both browsers', async () => {
  const { conversation } = await alice.call('createGroup', { title: 'Neu', members: [bob.account] })
  await has(laptop, conversation)
  await bob.until('conversations', {}, (rows) => rows.some((row) => row.conversation === conversation))
  await bob.send(conversation, 'hallo zusammen')
  await laptop.sees(conversation, ['hallo zusammen'])
  await alice.sees(conversation, ['hallo zusammen'])
})

test('what is read on one browser is read on the other', async () => {
  await bob.send(direct, 'ungelesen')
  const row = (unread: boolean) => (rows: readonly { conversation: string; unread: number }[]) =>
    rows.some((each) => each.conversation === direct && each.unread > 0 === unread)
  await laptop.until('conversations', {}, row(true))
  const { messages } = await alice.until('messages', { conversation: direct }, (view) =>
    view.messages.some((message) => message.kind === 'text' && message.text === 'ungelesen'),
  )
  await alice.call('markRead', { conversation: direct, seq: messages.at(-1)?.seq ?? 0 })
  await laptop.until('conversations', {}, row(false))
  await alice.until('conversations', {}, row(false))
})

test('revoking it ends it, and its leaf is gone before the next message', async () => {
  const session = await laptop.until('session', {}, ({ kind }) => kind === 'signed-in')
  if (session.kind !== 'signed-in') throw new Error('not signed in')
  const started = Date.now()
  await alice.call('revokeDevice', { device: session.device })
  await laptop.until(
    'session',
    {},
    (state) => state.kind === 'signed-out' && state.reason === 'revoked',
    8000,
  )
  expect(Date.now() - started).toBeLessThan(6000)
  await bob.send(direct, 'nach dem Widerruf')
  await alice.sees(direct, [
    'vorher',
    'an beide',
    'vom Laptop',
    'vom ersten',
    'ungelesen',
    'nach dem Widerruf',
  ])
  const view = await bob.until('conversation', { conversation: direct }, ({ members }) =>
    members.every((m) => m.devices === 1),
  )
  expect(view.members).toHaveLength(2)
})

test('the recovery key opens the account, with a new password', async () => {
  const phone = await startPerson('phone', { baseUrl: services.url })
  await phone.call('logInWithRecoveryKey', {
    userName: 'alice',
    recoveryKey: alice.recoveryKey,
    newPassword: 'another good long password',
    deviceName: 'phone',
  })
  await phone.until('conversation', { conversation: direct }, (view) => view.sendingBlocked === undefined)
  await phone.send(direct, 'mit neuem Gerät')
  await bob.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'mit neuem Gerät'),
  )
  await phone.stop()
  const stale = await startPerson('stale', { baseUrl: services.url })
  await expect(
    stale.call('logIn', { userName: 'alice', password: testPassword, deviceName: 'x' }),
  ).rejects.toMatchObject({ code: 'wrong-credentials' })
  await stale.stop()
})
