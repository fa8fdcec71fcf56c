/**
 * A tab that is killed before and after every transaction of sending, receiving and committing, and opened again on the
 * same storage: nothing is lost, nothing comes twice, and the group goes on.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConversationId } from '@brieftaube/protocol'
import {
  befriend,
  createCrashSwitch,
  has,
  newLocalId,
  signUp,
  startServices,
  type Person,
  type Services,
} from '@brieftaube/testkit'

const kill = createCrashSwitch()
let services: Services
let alice: Person
let bob: Person
let carla: Person
let group: ConversationId
const expected: string[] = []

beforeAll(async () => {
  services = await startServices()
  const baseUrl = services.url
  alice = await signUp('alice', { baseUrl, crashPoint: kill.point })
  bob = await signUp('bob', { baseUrl })
  carla = await signUp('carla', { baseUrl })
  await befriend(alice, bob)
  await befriend(alice, carla)
  group = (await alice.call('createGroup', { title: 'Absturz', members: [bob.account] })).conversation
  await has(bob, group)
})

afterAll(async () => {
  for (const person of [alice, bob, carla]) await person.stop()
  await services[Symbol.asyncDispose]()
})

/** Runs `work` once for every step at which it can be killed; `mend` brings a killed one to its end. */
async function killAtEveryStep(work: () => Promise<void>, mend: () => Promise<void>): Promise<number> {
  for (let step = 0; ; step++) {
    kill.arm(step)
    const outcome = work().catch(() => undefined)
    await Promise.race([outcome, untilKilled()])
    await new Promise((resolve) => setTimeout(resolve, 60))
    kill.disarm()
    if (!kill.crashed) {
      await outcome
      await mend()
      return step
    }
    await alice.restart()
    await alice.until('connection', {}, ({ kind }) => kind === 'online')
    await mend()
  }
}

async function untilKilled(): Promise<void> {
  while (!kill.crashed) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('killed at every step of sending', { timeout: 120_000 }, async () => {
  let localId = ''
  let text = ''
  let round = 0
  const steps = await killAtEveryStep(
    async () => {
      localId = newLocalId()
      text = `gesendet ${String(round++)}`
      expected.push(text)
      await alice.call('sendText', { conversation: group, localId, text })
      await alice.until('connection', {}, (state) => state.waiting === 0)
      await alice.sees(group, expected)
    },
    async () => {
      await alice.call('sendText', { conversation: group, localId, text })
      await alice.sees(group, expected)
      await bob.sees(group, expected)
    },
  )
  expect(steps).toBeGreaterThanOrEqual(4)
})

test('killed at every step of sending two at once, and asked again, they keep their order', async () => {
  const { conversation } = await alice.call('createGroup', { title: 'Paarweise', members: [bob.account] })
  await has(bob, conversation)
  const both: string[] = []
  let pair: { localId: string; text: string }[] = []
  const ask = () => Promise.all(pair.map((each) => alice.call('sendText', { conversation, ...each })))
  const steps = await killAtEveryStep(
    async () => {
      const name = String(both.length / 2)
      pair = ['erste', 'zweite'].map((which) => ({ localId: newLocalId(), text: `${which} von ${name}` }))
      both.push(...pair.map(({ text }) => text))
      await ask()
      await alice.until('connection', {}, (state) => state.waiting === 0)
      await alice.sees(conversation, both)
    },
    async () => {
      await ask()
      await alice.sees(conversation, both)
      await bob.sees(conversation, both)
    },
  )
  expect(steps).toBeGreaterThanOrEqual(6)
})

test('killed at every step of receiving', { timeout: 120_000 }, async () => {
  let round = 0
  const steps = await killAtEveryStep(
    async () => {
      const text = `empfangen ${String(round++)}`
      expected.push(text)
      await bob.send(group, text)
      await alice.sees(group, expected)
    },
    async () => {
      await alice.sees(group, expected)
      await bob.sees(group, expected)
    },
  )
  expect(steps).toBeGreaterThanOrEqual(2)
})

test('killed at every step of adding and removing a member', { timeout: 240_000 }, async () => {
  const members = (count: number) => (view: { members: readonly unknown[] }) => view.members.length === count
  let adding = true
  let round = 0
  const steps = await killAtEveryStep(
    async () => {
      if (adding) await alice.call('addMembers', { conversation: group, members: [carla.account] })
      else await alice.call('removeMember', { conversation: group, account: carla.account })
    },
    async () => {
      if (adding) await alice.call('addMembers', { conversation: group, members: [carla.account] })
      else await alice.call('removeMember', { conversation: group, account: carla.account })
      await alice.until('conversation', { conversation: group }, members(adding ? 3 : 2))
      await bob.until('conversation', { conversation: group }, members(adding ? 3 : 2))
      adding = !adding
      const text = `nach Änderung ${String(round++)}`
      expected.push(text)
      await alice.send(group, text)
      await bob.sees(group, expected)
      await alice.sees(group, expected)
    },
  )
  expect(steps).toBeGreaterThanOrEqual(4)
})
