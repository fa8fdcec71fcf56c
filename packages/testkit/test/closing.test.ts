/** A tab that goes away while the server's answer to a change of its own is on its way: the next one ends what it began. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import {
  befriend,
  createMiddle,
  has,
  signUp,
  startServices,
  type Person,
  type Services,
} from '@brieftaube/testkit'

const middle = createMiddle()
let services: Services
let alice: Person
let bob: Person
let carla: Person
let group: ConversationId

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl, fetch: middle.fetch, wrapSocket: middle.wrapSocket })
  bob = await signUp('bob', { baseUrl })
  carla = await signUp('carla', { baseUrl })
  await befriend(alice, bob)
  await befriend(alice, carla)
  group = (await alice.call('createGroup', { title: 'Abschied', members: [bob.account] })).conversation
  await has(bob, group)
  await alice.send(group, 'Anfang')
  await bob.sees(group, ['Anfang'])
})

afterAll(async () => {
  for (const person of [alice, bob, carla]) await person.stop()
  await services[Symbol.asyncDispose]()
})

test('its own commit is followed after the restart, and everything stays readable', async () => {
  // the log must not show the commit before its answer does
  middle.onEntry((entry, live) => (live && entry.kind === 'commit' ? [] : [entry]))
  let restarted: Promise<void> | undefined
  middle.onReply(/\/commits$/, (bytes) => {
    restarted ??= alice.restart()
    return bytes
  })
  await alice.call('addMembers', { conversation: group, members: [carla.account] }).catch(() => undefined)
  expect(restarted).toBeDefined()
  await restarted
  middle.behave()
  await alice.until('connection', {}, ({ kind }) => kind === 'online')
  await has(carla, group)
  await bob.send(group, 'nach der Änderung')
  await alice.sees(group, ['Anfang', 'nach der Änderung'])
  await alice.send(group, 'von der nächsten')
  for (const person of [alice, bob])
    await person.sees(group, ['Anfang', 'nach der Änderung', 'von der nächsten'])
  await carla.sees(group, ['nach der Änderung', 'von der nächsten'])
  const messages = await alice.messages(group)
  expect(messages.filter((message) => message.kind === 'broken')).toEqual([])
  const events = messages.flatMap((message) => (message.kind === 'system' ? [message.event.kind] : []))
  expect(events.filter((kind) => kind === 'members-added')).toHaveLength(2)
  expect(events).not.toContain('history-warning')
})
