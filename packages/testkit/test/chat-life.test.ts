import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person
let direct: ConversationId

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl })
  bob = await signUp('bob', { baseUrl })
  await befriend(alice, bob)
  direct = (await alice.call('openDirect', { account: bob.account })).conversation
  await has(bob, direct)
})

afterAll(async () => {
  await alice.stop()
  await bob.stop()
  await services[Symbol.asyncDispose]()
})

async function stateOf(text: string, state: string): Promise<void> {
  await alice.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === text && message.state === state),
  )
}

test('a message goes from delivered to read, and the list shows what is unread', async () => {
  await alice.send(direct, 'gelesen?')
  await stateOf('gelesen?', 'delivered')
  const rows = await bob.until('conversations', {}, (all) => all.some((row) => row.unread === 1))
  expect(rows[0]).toMatchObject({ title: 'Alice', preview: { kind: 'text', text: 'gelesen?', own: false } })
  const { messages } = await bob.until(
    'messages',
    { conversation: direct },
    (view) => view.messages.length >= 2,
  )
  await bob.call('markRead', { conversation: direct, seq: messages.at(-1)?.seq ?? 0 })
  await stateOf('gelesen?', 'read')
  await bob.until('conversations', {}, (all) => all.every((row) => row.unread === 0))
})

test('who has switched receipts off is not seen reading', async () => {
  await bob.call('changeSettings', { sendReadReceipts: false })
  await alice.send(direct, 'heimlich')
  await stateOf('heimlich', 'delivered')
  const { messages } = await bob.until('messages', { conversation: direct }, (view) =>
    view.messages.some((message) => message.kind === 'text' && message.text === 'heimlich'),
  )
  await bob.call('markRead', { conversation: direct, seq: messages.at(-1)?.seq ?? 0 })
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await stateOf('heimlich', 'delivered')
  await bob.call('changeSettings', { sendReadReceipts: true })
})

test('typing shows for the conversation that is on screen, and ends', async () => {
  await alice.call('showConversation', { conversation: direct })
  await new Promise((resolve) => setTimeout(resolve, 200))
  await bob.call('typing', { conversation: direct })
  await alice.until('conversation', { conversation: direct }, (view) => view.typing.includes('Bob'))
  await alice.until('conversation', { conversation: direct }, (view) => view.typing.length === 0)
})

test('accepted contacts see each other come and go', async () => {
  await alice.until('contacts', {}, (contacts) => contacts.some((contact) => contact.online))
  await bob.stop()
  await alice.until('contacts', {}, (contacts) => contacts.every((contact) => !contact.online), 40_000)
  await bob.restart()
  await alice.until('contacts', {}, (contacts) => contacts.some((contact) => contact.online), 40_000)
})

test('a draft survives a restart and goes with the message', async () => {
  await alice.call('setDraft', { conversation: direct, text: 'noch nicht fertig' })
  await alice.restart()
  await alice.until('conversations', {}, (rows) => rows.some((row) => row.draft === 'noch nicht fertig'))
  await alice.send(direct, 'fertig')
  await alice.until('conversations', {}, (rows) => rows.every((row) => row.draft === ''))
})

test('a reply quotes what it answers', async () => {
  const { messages } = await alice.until('messages', { conversation: direct }, (view) =>
    view.messages.some(
      (message) => message.kind === 'text' && message.text === 'fertig' && message.seq !== undefined,
    ),
  )
  const first = messages.find((message) => message.kind === 'text' && message.text === 'fertig')
  if (first?.kind !== 'text' || first.clientId === undefined) throw new Error('no message to answer')
  await bob.call('sendText', {
    conversation: direct,
    localId: 'antwort-1',
    text: 'gut',
    replyTo: first.clientId,
  })
  await alice.until('messages', { conversation: direct }, (view) =>
    view.messages.some((message) => message.kind === 'text' && message.replyTo?.text === 'fertig'),
  )
})

test('what has no text or too much of it is refused', async () => {
  const send = (text: string) => alice.call('sendText', { conversation: direct, localId: 'x', text })
  await expect(send('   ')).rejects.toMatchObject({ code: 'empty-text' })
  await expect(send('a'.repeat(17_000))).rejects.toMatchObject({ code: 'text-too-long' })
})

test('whom alice has blocked reaches her no more', async () => {
  await alice.call('changeContact', { account: bob.account, action: 'block' })
  await alice.until('conversation', { conversation: direct }, (view) => view.sendingBlocked === 'blocked')
  await alice.call('changeContact', { account: bob.account, action: 'unblock' })
  await alice.until('conversation', { conversation: direct }, (view) => view.sendingBlocked !== 'blocked')
})

test('the picture and the name of a contact follow its changes', async () => {
  await bob.call('updateProfile', { displayName: 'Bob der Baumeister' })
  await alice.restart()
  await alice.until('conversations', {}, (rows) => rows.some((row) => row.title === 'Bob der Baumeister'))
})
