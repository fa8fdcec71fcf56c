import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person
let carla: Person
let group: ConversationId

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl })
  bob = await signUp('bob', { baseUrl })
  carla = await signUp('carla', { baseUrl })
  await befriend(alice, bob)
  await befriend(alice, carla)
  await befriend(bob, carla)
})

afterAll(async () => {
  for (const person of [alice, bob, carla]) await person.stop()
  await services[Symbol.asyncDispose]()
})

test('a group has its title and its first messages on every screen', async () => {
  const created = await alice.call('createGroup', { title: 'Taubenzucht', members: [bob.account] })
  group = created.conversation
  await has(bob, group)
  await alice.send(group, 'eins')
  await bob.sees(group, ['eins'])
  await bob.until('conversations', {}, (rows) => rows.some((row) => row.title === 'Taubenzucht'))
  const { members, ownRole } = await alice.until(
    'conversation',
    { conversation: group },
    (view) => view.members.length === 2,
  )
  expect(members.map((member) => member.displayName)).toEqual(['Alice', 'Bob'])
  expect(ownRole).toBe('admin')
})

test('who is added sees the title and what comes from then on, and lines tell of it', async () => {
  await alice.call('addMembers', { conversation: group, members: [carla.account] })
  await has(carla, group)
  await bob.send(group, 'zwei')
  await carla.sees(group, ['zwei'])
  await carla.until('conversations', {}, (rows) => rows.some((row) => row.title === 'Taubenzucht'))
  const { messages } = await bob.until('messages', { conversation: group }, (view) =>
    view.messages.some((message) => message.kind === 'system' && message.event.kind === 'members-added'),
  )
  expect(messages.filter((message) => message.kind === 'broken')).toEqual([])
})

test('only an admin adds or removes others', async () => {
  await expect(
    bob.call('removeMember', { conversation: group, account: carla.account }),
  ).rejects.toMatchObject({
    code: 'commit-refused',
  })
})

test('who is removed reads nothing more and is told', async () => {
  await alice.call('removeMember', { conversation: group, account: bob.account })
  await bob.until('conversations', {}, (rows) =>
    rows.some((row) => row.conversation === group && !row.active),
  )
  await alice.send(group, 'ohne bob')
  await carla.sees(group, ['zwei', 'ohne bob'])
  expect(await bob.texts(group)).toEqual(['eins', 'zwei'])
  await expect(bob.send(group, 'noch da?')).rejects.toMatchObject({ code: 'forbidden' })
})

test('who was removed and is added again goes on from there', async () => {
  await alice.call('addMembers', { conversation: group, members: [bob.account] })
  await has(bob, group)
  await carla.send(group, 'wieder da')
  await bob.sees(group, ['eins', 'zwei', 'wieder da'])
})

test('an admin makes another an admin, who may then remove', async () => {
  await alice.call('setAdmin', { conversation: group, account: carla.account, admin: true })
  await carla.until('conversation', { conversation: group }, (view) => view.ownRole === 'admin')
  await carla.call('renameGroup', { conversation: group, title: 'Taubenpost' })
  await bob.until('conversations', {}, (rows) => rows.some((row) => row.title === 'Taubenpost'))
})

test('who leaves is gone from the group before the next message', async () => {
  await bob.call('leaveConversation', { conversation: group })
  await carla.send(group, 'tschüss bob')
  await alice.until('messages', { conversation: group }, (view) =>
    view.messages.some((message) => message.kind === 'system' && message.event.kind === 'member-left'),
  )
  const { messages } = await alice.until('messages', { conversation: group }, (view) =>
    view.messages.some((message) => message.kind === 'text' && message.text === 'tschüss bob'),
  )
  const left = messages.findIndex(
    (message) => message.kind === 'system' && message.event.kind === 'member-left',
  )
  const text = messages.findIndex((message) => message.kind === 'text' && message.text === 'tschüss bob')
  expect(left).toBeLessThan(text)
  const view = await alice.until(
    'conversation',
    { conversation: group },
    (state) => state.members.length === 2,
  )
  expect(view.members.map((member) => member.displayName).sort()).toEqual(['Alice', 'Carla'])
})
