/** The server comes back from an older backup: clients say so, keep what they have, and go on together. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import pg from 'pg'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

let services: Services
let alice: Person
let bob: Person
let carla: Person
/** Nothing changes in it after the backup but messages. */
let steady: ConversationId
/** carla is removed from it after the backup. */
let moved: ConversationId
/** Made after the backup. */
let later: ConversationId
const texts = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix} ${String(index + 1)}`)

beforeAll(async () => {
  services = await startServices()
  alice = await signUp('alice', { baseUrl: services.url })
  bob = await signUp('bob', { baseUrl: services.url })
  carla = await signUp('carla', { baseUrl: services.url })
  await befriend(alice, bob)
  await befriend(alice, carla)
  await befriend(bob, carla)
})
afterAll(async () => {
  for (const person of [alice, bob, carla]) await person.stop()
  await services[Symbol.asyncDispose]()
})

const copy = () => `${new URL(services.database.adminUrl).pathname.slice(1)}_copy`

async function asAdmin(...statements: string[]): Promise<void> {
  const url = new URL(services.database.adminUrl)
  url.pathname = '/postgres'
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  try {
    for (const statement of statements) await admin.query(statement)
  } finally {
    await admin.end()
  }
}

async function backUp(): Promise<void> {
  const name = new URL(services.database.adminUrl).pathname.slice(1)
  await services.running.close()
  await asAdmin(`create database ${copy()} template ${name}`)
  await services.restart()
}

async function restore(): Promise<void> {
  const name = new URL(services.database.adminUrl).pathname.slice(1)
  await services.running.close()
  await asAdmin(
    `drop database ${name} with (force)`,
    `create database ${name} template ${copy()}`,
    `grant create on database ${name} to brieftaube_auth_owner, brieftaube_chat_owner`,
  )
  const admin = new pg.Client({ connectionString: services.database.adminUrl })
  await admin.connect()
  await admin.query('update chat.incarnation set id = gen_random_uuid(), since = now()')
  await admin.end()
  await services.restart()
}

const isRestored = ({ messages }: { messages: readonly { kind: string; event?: { kind: string } }[] }) =>
  messages.some((message) => message.kind === 'system' && message.event?.kind === 'restored')

test('fifty messages and a removal later the server is restored, and nobody loses a word', async () => {
  steady = (await alice.call('createGroup', { title: 'Stetig', members: [bob.account, carla.account] }))
    .conversation
  moved = (await alice.call('createGroup', { title: 'Bewegt', members: [bob.account, carla.account] }))
    .conversation
  for (const person of [bob, carla]) for (const group of [steady, moved]) await has(person, group)
  await alice.send(steady, 'vor der Sicherung')
  await bob.send(moved, 'vor der Sicherung')
  for (const person of [alice, bob, carla])
    for (const group of [steady, moved]) await person.sees(group, ['vor der Sicherung'])
  await backUp()
  for (const person of [alice, bob, carla])
    await person.until('connection', {}, ({ kind, catchingUp }) => kind === 'online' && !catchingUp)

  // a window that stays open keeps all that came into it
  const stop = alice.core.watch('messages', { conversation: steady }, () => undefined)
  const lost = texts('verloren', 50)
  for (const [index, text] of lost.entries()) await [alice, bob][index % 2]?.send(steady, text)
  for (const person of [alice, bob, carla])
    await person.until('messages', { conversation: steady }, ({ messages }) =>
      lost.every((text) => messages.some((each) => each.kind === 'text' && each.text === text)),
    )
  await alice.call('removeMember', { conversation: moved, account: carla.account })
  await bob.until('conversation', { conversation: moved }, ({ members }) => members.length === 2)
  await alice.send(moved, 'ohne carla')
  await bob.sees(moved, ['vor der Sicherung', 'ohne carla'])
  later = (await bob.call('createGroup', { title: 'Später', members: [alice.account] })).conversation
  await has(alice, later)
  await bob.send(later, 'danach')
  await alice.sees(later, ['danach'])

  const seen = await alice.texts(steady)
  await restore()
  for (const person of [alice, bob, carla])
    for (const group of [steady, moved]) await person.until('messages', { conversation: group }, isRestored)
  for (const person of [alice, bob]) {
    await person.until('messages', { conversation: later }, isRestored)
    expect(await person.texts(later)).toEqual(['danach'])
  }
  expect(seen).toHaveLength(51)
  expect(await alice.texts(steady)).toEqual(seen)
  stop()

  await bob.send(steady, 'wieder da')
  await carla.send(steady, 'ich auch')
  await alice.send(moved, 'und hier')
  await carla.send(moved, 'ich bin wieder drin')
  for (const person of [alice, bob, carla]) {
    await person.until('messages', { conversation: steady }, ({ messages }) =>
      ['wieder da', 'ich auch'].every((text) =>
        messages.some((each) => each.kind === 'text' && each.text === text),
      ),
    )
    await person.until('messages', { conversation: moved }, ({ messages }) =>
      ['und hier', 'ich bin wieder drin'].every((text) =>
        messages.some((each) => each.kind === 'text' && each.text === text),
      ),
    )
  }
  const { messages } = await bob.until('messages', { conversation: moved }, () => true)
  expect(JSON.stringify(messages)).toContain('restored-members')
})
