import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import { befriend, has, signUp, startServices, type Person, type Services } from '@brieftaube/testkit'

let services: Services
const people: Person[] = []
let group: ConversationId

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  for (const name of ['alice', 'bob', 'carla', 'dora', 'emil', 'frida'])
    people.push(await signUp(name, { baseUrl }))
  const [alice, ...others] = people
  if (alice === undefined) throw new Error('nobody')
  for (const other of others) await befriend(alice, other)
  const members = others.slice(0, 3).map(({ account }) => account)
  group = (await alice.call('createGroup', { title: 'Wettlauf', members })).conversation
  for (const person of people.slice(0, 4)) await has(person, group)
  for (const person of people.slice(1, 4))
    await alice.call('setAdmin', { conversation: group, account: person.account, admin: true })
})

afterAll(async () => {
  for (const person of people) await person.stop()
  await services[Symbol.asyncDispose]()
})

test(
  'twenty changes by four admins at the same time: each is done, and all converge',
  { timeout: 120_000 },
  async () => {
    const [alice, bob, carla, dora, emil, frida] = people
    if (!alice || !bob || !carla || !dora || !emil || !frida) throw new Error('six people')
    const admins = [alice, bob, carla, dora]
    await alice.call('addMembers', { conversation: group, members: [emil.account, frida.account] })
    for (const person of admins)
      await person.until(
        'conversation',
        { conversation: group },
        (view) => view.members.length === 6 && view.ownRole === 'admin',
      )
    const targets = [emil, frida]
    const changes = Array.from({ length: 20 }, async (_, index) => {
      const by = admins[index % 4] ?? alice
      const target = targets[Math.floor(index / 4) % 2] ?? emil
      await by.call('setAdmin', { conversation: group, account: target.account, admin: index % 8 < 4 })
    })
    const outcomes = await Promise.allSettled(changes)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
    for (const [index, person] of people.entries()) await person.send(group, `von ${String(index)}`)
    const texts = async (person: Person) =>
      (await person.texts(group)).filter((text) => text.startsWith('von'))
    for (const person of people)
      await person.until('messages', { conversation: group }, ({ messages }) =>
        people.every((_, index) =>
          messages.some((m) => m.kind === 'text' && m.text === `von ${String(index)}`),
        ),
      )
    const first = await texts(alice)
    for (const person of people) {
      expect(await texts(person)).toEqual(first)
      const { messages } = await person.until('messages', { conversation: group }, () => true)
      expect(messages.filter((message) => message.kind === 'broken')).toEqual([])
    }
  },
)
