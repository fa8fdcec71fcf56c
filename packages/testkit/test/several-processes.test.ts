/**
 * Three chat processes on one Redis and one database, without stickiness: whatever happens to a process or to Redis,
 * nothing is lost and nobody is logged out.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { befriend, has, type Person, type SeveralProcesses } from '@brieftaube/testkit'
import type { ConversationId } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestRedis } from '../../service-kit/test/redis-server.ts'
import {
  askAllTheTime,
  expectNothingLost,
  openLaptop,
  revoke,
  roundTrip,
  say,
  see,
  showsOnline,
  spread,
  startStage,
  watchForFailures,
  whileTalking,
  type Stage,
} from './several-processes-stage.ts'

/** How long Redis stays away; a minute where there is time. */
const awayMs = 1000 * Number(process.env['BRIEFTAUBE_REDIS_AWAY_SECONDS'] ?? 8)

let stage: Stage
let redis: TestRedis
let services: SeveralProcesses
let alice: Person
let bob: Person
let carla: Person
let people: readonly Person[]
let ways: Stage['ways']
let group: ConversationId
let direct: ConversationId

beforeAll(async () => {
  stage = await startStage()
  ;({ redis, services, alice, bob, carla, people, ways } = stage)
}, 120_000)

afterAll(() => stage[Symbol.asyncDispose]())

test('contacts, groups, messages, receipts, typing and presence cross from process to process', async () => {
  await spread(stage)
  await befriend(alice, bob)
  await befriend(alice, carla)
  await befriend(bob, carla)
  direct = (await alice.call('openDirect', { account: bob.account })).conversation
  await has(bob, direct)
  group = (await alice.call('createGroup', { title: 'Drei', members: [bob.account, carla.account] }))
    .conversation
  stage.group = group
  for (const person of [bob, carla]) await has(person, group)
  watchForFailures(stage)
  for (const person of people) await roundTrip(stage, person, 'hallo von überall')
  await showsOnline(alice, bob.account)
  await showsOnline(carla, bob.account)

  await alice.send(direct, 'gelesen?')
  const { messages } = await bob.until('messages', { conversation: direct }, (view) =>
    view.messages.some((each) => each.kind === 'text' && each.text === 'gelesen?'),
  )
  await bob.call('markRead', { conversation: direct, seq: messages.at(-1)?.seq ?? 0 })
  await alice.until('messages', { conversation: direct }, (view) =>
    view.messages.some((each) => each.kind === 'text' && each.state === 'read'),
  )

  await alice.call('showConversation', { conversation: direct })
  const typing = setInterval(() => void bob.call('typing', { conversation: direct }), 500)
  await alice.until('conversation', { conversation: direct }, (view) => view.typing.includes('Bob'))
  clearInterval(typing)
  await expectNothingLost(stage)
})

test('a device that is revoked on one process dies on another within five seconds', async () => {
  expect(await revoke(stage, await openLaptop(stage))).toBeLessThan(5000)
  await roundTrip(stage, bob, 'nach dem Widerruf')
})

test('the people of a process that is killed are on another within ten seconds, and nothing is lost', async () => {
  await spread(stage)
  const [, second] = services.chats
  const began = performance.now()
  await whileTalking(stage, async () => {
    await second?.kill()
    await bob.until('connection', {}, ({ kind }) => kind !== 'online')
    await bob.until('connection', {}, ({ kind }) => kind === 'online')
    expect(performance.now() - began).toBeLessThan(10_000)
    await sleep(1000)
  })
  expect(ways[1]?.sockets()[1]).toBe(0)
  await expectNothingLost(stage)
  await second?.start()
})

test(
  'while Redis is away messages arrive, reconnecting works and revoking bites',
  { timeout: 300_000 },
  async () => {
    await spread(stage)
    const opened = await openLaptop(stage)
    await redis.kill()
    const awayUntil = Date.now() + awayMs

    expect(await roundTrip(stage, alice, 'ohne Redis', 35_000)).toBeLessThan(35_000)
    expect(await revoke(stage, opened)).toBeLessThan(10_000)
    // guarded limits refuse while they cannot be counted
    await expect(alice.call('findAccount', { userName: 'bob' })).rejects.toMatchObject({
      code: 'unavailable',
    })

    // whoever has to reconnect gets in, and a process that starts now finds no Redis
    const lost = performance.now()
    await services.chats[1]?.kill()
    await bob.until('connection', {}, ({ kind }) => kind !== 'online')
    await bob.until('connection', {}, ({ kind }) => kind === 'online')
    expect(performance.now() - lost).toBeLessThan(10_000)
    await services.chats[1]?.start()
    await spread(stage)
    const times: number[] = []
    do {
      for (const person of people) times.push(await roundTrip(stage, person, 'noch ohne', 35_000))
    } while (Date.now() < awayUntil)
    console.log(`without Redis: messages took ${times.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s`)

    await redis.start()
    const back = performance.now()
    await expect
      .poll(() => roundTrip(stage, bob, 'wieder da', 35_000), { timeout: 60_000, interval: 100 })
      .toBeLessThan(1000)
    const tookMs = performance.now() - back
    console.log(`back to normal ${(tookMs / 1000).toFixed(1)} s after Redis`)
    expect(tookMs).toBeLessThan(5000)
    await showsOnline(carla, bob.account)
    await alice.call('findAccount', { userName: 'bob' })
    await expectNothingLost(stage)
  },
)

test(
  'a Redis that forgets everything or hangs costs seconds, and no sender waits for it',
  { timeout: 120_000 },
  async () => {
    await spread(stage)
    await redis.flush()
    await roundTrip(stage, alice, 'nach dem Vergessen', 15_000)
    redis.freeze()
    const began = performance.now()
    const text = await say(stage, alice, 'Redis hängt')
    await alice.until('messages', { conversation: group }, ({ messages }) =>
      messages.some((each) => each.kind === 'text' && each.text === text && each.state !== 'waiting'),
    )
    expect(performance.now() - began).toBeLessThan(3000)
    await Promise.all(people.map((person) => see(stage, person, text, 35_000)))
    redis.thaw()
    await expect
      .poll(() => roundTrip(stage, carla, 'es geht weiter', 35_000), { timeout: 60_000 })
      .toBeLessThan(1000)
    await expectNothingLost(stage)
  },
)

test(
  'all processes restart one after the other while everybody writes, and nobody sees a failure',
  { timeout: 180_000 },
  async () => {
    await spread(stage)
    const asking = await askAllTheTime(stage)
    await whileTalking(stage, async () => {
      for (const chat of services.chats) {
        const { ms, code } = await chat.stop()
        expect(code).toBe(0)
        expect(ms).toBeLessThan(25_000)
        await chat.start()
      }
    })
    expect(await asking.stop()).toEqual([])
    expect(await roundTrip(stage, alice, 'alle sind wieder da')).toBeLessThan(15_000)
    await expectNothingLost(stage)
  },
)
