/**
 * Three chat processes on one Redis and one database, without stickiness: whatever happens to a process or to Redis,
 * nothing is lost and nobody is logged out.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { MessageView } from '@brieftaube/contract'
import { chatRoutes, type AccountId, type ConversationId, type DeviceId } from '@brieftaube/protocol'
import { createApi, createCookieJar } from '@brieftaube/server'
import {
  befriend,
  checkHistory,
  has,
  logInElsewhere,
  signUp,
  startSeveralProcesses,
  testOrigin,
  type Balancer,
  type Person,
  type Sent,
  type SeveralProcesses,
} from '@brieftaube/testkit'
import { startTestRedis, type TestRedis } from '../../service-kit/test/redis-server.ts'

/** How long Redis stays away; a minute where there is time. */
const awayMs = 1000 * Number(process.env['BRIEFTAUBE_REDIS_AWAY_SECONDS'] ?? 8)

let redis: TestRedis
let services: SeveralProcesses
let alice: Person
let bob: Person
let carla: Person
let people: Person[]
const ways: Balancer[] = []
let group: ConversationId
let direct: ConversationId
const sent: Sent[] = []

beforeAll(async () => {
  redis = await startTestRedis()
  services = await startSeveralProcesses({ chats: 3, redisUrl: redis.url })
  for (const chat of [0, 1, 2]) ways.push(await services.enter(chat))
  const [toFirst, toSecond, toThird] = ways.map(({ url }) => url)
  alice = await signUp('alice', { baseUrl: toFirst ?? '' })
  bob = await signUp('bob', { baseUrl: toSecond ?? '' })
  carla = await signUp('carla', { baseUrl: toThird ?? '' })
  people = [alice, bob, carla]
}, 120_000)

afterAll(async () => {
  for (const person of people) await person.stop()
  await services[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

/** Everybody on a process of their own again. */
async function spread(): Promise<void> {
  const placed = () => ways.map((way, index) => way.sockets()[index])
  const isPlaced = async (): Promise<boolean> => {
    for (const [index, way] of ways.entries()) if (way.sockets()[index] !== 1) way.cut()
    await Promise.all(people.map((person) => person.call('reconnect', {})))
    await Promise.all(people.map((person) => isOnline(person)))
    return placed().every((sockets) => sockets === 1)
  }
  await expect.poll(isPlaced, { timeout: 30_000, interval: 500 }).toBe(true)
}

/** A further browser of alice's, on the third process. */
async function openLaptop(): Promise<{ laptop: Person; device: DeviceId }> {
  const laptop = await logInElsewhere(alice, { baseUrl: (await services.enter(2)).url })
  const session = await laptop.until('session', {}, ({ kind }) => kind === 'signed-in')
  if (session.kind !== 'signed-in') throw new Error('not signed in')
  return { laptop, device: session.device }
}

/** From alice's word on the first process until the laptop knows; in milliseconds. */
async function revoke({ laptop, device }: { laptop: Person; device: DeviceId }): Promise<number> {
  const began = performance.now()
  await alice.call('revokeDevice', { device })
  await laptop.until('session', {}, (state) => state.kind === 'signed-out' && state.reason === 'revoked')
  const tookMs = performance.now() - began
  await laptop.stop()
  return tookMs
}

let count = 0

async function say(person: Person, text: string): Promise<string> {
  const unique = `${text} ${String(count++)}`
  sent.push({ text: unique, author: person.account, acknowledged: true })
  await person.send(group, unique)
  return unique
}

function see(person: Person, text: string, timeoutMs?: number): Promise<unknown> {
  return person.until(
    'messages',
    { conversation: group },
    ({ messages }) => messages.some((each) => each.kind === 'text' && each.text === text),
    timeoutMs,
  )
}

/** How long it takes until everybody has it. */
async function roundTrip(from: Person, text: string, timeoutMs?: number): Promise<number> {
  const began = performance.now()
  const unique = await say(from, text)
  await Promise.all(people.map((person) => see(person, unique, timeoutMs)))
  return performance.now() - began
}

function isOnline(person: Person, timeoutMs?: number): Promise<unknown> {
  return person.until('connection', {}, ({ kind, waiting }) => kind === 'online' && waiting === 0, timeoutMs)
}

function showsOnline(person: Person, account: AccountId, online: boolean, timeoutMs?: number) {
  const fits = (each: { account: AccountId; online: boolean }) =>
    each.account === account && each.online === online
  return person.until('contacts', {}, (contacts) => contacts.some(fits), timeoutMs)
}

/** Looks at every screen: all that was written is there, once, in one order, and nobody ever read "failed". */
async function expectNothingLost(): Promise<void> {
  await Promise.all(people.map((person) => isOnline(person)))
  const look = async (): Promise<string[]> => {
    const observers = await Promise.all(
      people.map(async (person) => {
        const messages = await everything(person)
        return { name: person.name, account: person.account, messages, snapshots: [], waiting: 0 }
      }),
    )
    return checkHistory(sent, observers)
  }
  await expect.poll(look, { timeout: 20_000, interval: 500 }).toEqual([])
  expect(failures).toEqual([])
}

async function everything(person: Person): Promise<readonly MessageView[]> {
  while ((await person.call('loadOlder', { conversation: group, beforeSeq: 0 })).more);
  return person.messages(group)
}

const failures: string[] = []

function watchForFailures(): void {
  for (const person of people) {
    person.core.watch('messages', { conversation: group }, ({ messages }) => {
      for (const each of messages)
        if (each.kind === 'text' && each.state === 'failed') failures.push(`${person.name}: ${each.text}`)
    })
    person.core.watch('session', {}, ({ kind }) => {
      if (kind !== 'signed-in') failures.push(`${person.name} is ${kind}`)
    })
  }
}

/** Everybody writes all the time while `work` runs. */
async function whileTalking<T>(work: () => Promise<T>): Promise<T> {
  const talking = setInterval(() => {
    for (const person of people) void say(person, `${person.name} redet`)
  }, 250)
  try {
    return await work()
  } finally {
    clearInterval(talking)
  }
}

/** Requests one after the other, until it is stopped; gives back how they failed. */
async function askAllTheTime(): Promise<{ stop(): Promise<string[]> }> {
  const { laptop } = await openLaptop()
  await laptop.stop()
  const cookies = createCookieJar(laptop.profile.cookies)
  const api = createApi({ baseUrl: ways[0]?.url ?? '', headers: { origin: testOrigin }, cookies })
  const refused: string[] = []
  let stopped = false
  let asked = 0
  const loop = async (): Promise<void> => {
    while (!stopped) {
      await api.call(chatRoutes.contactList).catch((error: unknown) => refused.push(String(error)))
      asked++
      // a device has twenty requests a second
      await sleep(50)
    }
  }
  const asking = loop()
  return {
    stop: async () => {
      stopped = true
      await asking
      expect(asked).toBeGreaterThan(20)
      return refused
    },
  }
}

test('contacts, groups, messages, receipts, typing and presence cross from process to process', async () => {
  await spread()
  await befriend(alice, bob)
  await befriend(alice, carla)
  await befriend(bob, carla)
  direct = (await alice.call('openDirect', { account: bob.account })).conversation
  await has(bob, direct)
  group = (await alice.call('createGroup', { title: 'Drei', members: [bob.account, carla.account] }))
    .conversation
  for (const person of [bob, carla]) await has(person, group)
  watchForFailures()
  for (const person of people) await roundTrip(person, 'hallo von überall')
  await showsOnline(alice, bob.account, true)
  await showsOnline(carla, bob.account, true)

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
  await expectNothingLost()
})

test('a device that is revoked on one process dies on another within five seconds', async () => {
  expect(await revoke(await openLaptop())).toBeLessThan(5000)
  await roundTrip(bob, 'nach dem Widerruf')
})

test('the people of a process that is killed are on another within ten seconds, and nothing is lost', async () => {
  await spread()
  const [, second] = services.chats
  const began = performance.now()
  await whileTalking(async () => {
    await second?.kill()
    await bob.until('connection', {}, ({ kind }) => kind !== 'online')
    await bob.until('connection', {}, ({ kind }) => kind === 'online')
    expect(performance.now() - began).toBeLessThan(10_000)
    await sleep(1000)
  })
  expect(ways[1]?.sockets()[1]).toBe(0)
  await expectNothingLost()
  await second?.start()
})

test(
  'while Redis is away messages arrive, reconnecting works and revoking bites',
  { timeout: 300_000 },
  async () => {
    await spread()
    const opened = await openLaptop()
    await redis.kill()
    const awayUntil = Date.now() + awayMs

    expect(await roundTrip(alice, 'ohne Redis', 35_000)).toBeLessThan(35_000)
    expect(await revoke(opened)).toBeLessThan(10_000)
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
    await spread()
    const times: number[] = []
    do {
      for (const person of people) times.push(await roundTrip(person, 'noch ohne', 35_000))
    } while (Date.now() < awayUntil)
    console.log(`without Redis: messages took ${times.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s`)

    await redis.start()
    const back = performance.now()
    await expect
      .poll(() => roundTrip(bob, 'wieder da', 35_000), { timeout: 60_000, interval: 100 })
      .toBeLessThan(1000)
    const tookMs = performance.now() - back
    console.log(`back to normal ${(tookMs / 1000).toFixed(1)} s after Redis`)
    expect(tookMs).toBeLessThan(5000)
    await showsOnline(carla, bob.account, true)
    await alice.call('findAccount', { userName: 'bob' })
    await expectNothingLost()
  },
)

test(
  'a Redis that forgets everything or hangs costs seconds, and no sender waits for it',
  { timeout: 120_000 },
  async () => {
    await spread()
    await promisify(execFile)('redis-cli', ['-s', redis.url, 'flushall'])
    await roundTrip(alice, 'nach dem Vergessen', 15_000)
    redis.freeze()
    const began = performance.now()
    const text = await say(alice, 'Redis hängt')
    await alice.until('messages', { conversation: group }, ({ messages }) =>
      messages.some((each) => each.kind === 'text' && each.text === text && each.state !== 'waiting'),
    )
    expect(performance.now() - began).toBeLessThan(3000)
    await Promise.all(people.map((person) => see(person, text, 35_000)))
    redis.thaw()
    await expect
      .poll(() => roundTrip(carla, 'es geht weiter', 35_000), { timeout: 60_000 })
      .toBeLessThan(1000)
    await expectNothingLost()
  },
)

test(
  'all processes restart one after the other while everybody writes, and nobody sees a failure',
  { timeout: 180_000 },
  async () => {
    await spread()
    const asking = await askAllTheTime()
    await whileTalking(async () => {
      for (const chat of services.chats) {
        const { ms, code } = await chat.stop()
        expect(code).toBe(0)
        expect(ms).toBeLessThan(25_000)
        await chat.start()
      }
    })
    expect(await asking.stop()).toEqual([])
    expect(await roundTrip(alice, 'alle sind wieder da')).toBeLessThan(15_000)
    await expectNothingLost()
  },
)
