/**
 * Alice, bob and carla, each on a chat process of their own, and what the stories of several processes ask of them. Redis
 * knows the services as the user that may do the least, as in production.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { MessageView } from '@brieftaube/contract'
import { chatRoutes, type AccountId, type ConversationId, type DeviceId } from '@brieftaube/protocol'
import { createApi, createCookieJar } from '@brieftaube/server'
import { redisAclRules, redisUserName } from '@brieftaube/service-kit'
import {
  checkHistory,
  logInElsewhere,
  signUp,
  startSeveralProcesses,
  testOrigin,
  type Balancer,
  type Person,
  type Sent,
  type SeveralProcesses,
} from '@brieftaube/testkit'
import { expect } from 'vitest'
import { sha256, startTestRedis, type TestRedis } from '../../service-kit/test/redis-server.ts'

export interface Stage extends AsyncDisposable {
  readonly redis: TestRedis
  readonly services: SeveralProcesses
  /** Each person's way in. */
  readonly ways: readonly Balancer[]
  readonly alice: Person
  readonly bob: Person
  readonly carla: Person
  readonly people: readonly Person[]
  /** Where everybody writes. */
  group: ConversationId
  readonly sent: Sent[]
  /** Whatever nobody should ever have seen. */
  readonly failures: string[]
}

const redisPassword = 'the-password-of-this-test'

export async function startStage(): Promise<Stage> {
  const redis = await startTestRedis({
    acl: redisAclRules({ passwordSha256: sha256(redisPassword) }),
    port: true,
  })
  const redisUrl = `redis://${redisUserName}:${redisPassword}@127.0.0.1:${String(redis.port)}`
  const services = await startSeveralProcesses({ chats: 3, redisUrl })
  const enter = async (chat: number, name: string) => {
    const way = await services.enter(chat)
    return { way, person: await signUp(name, { baseUrl: way.url }) }
  }
  const [first, second, third] = [await enter(0, 'alice'), await enter(1, 'bob'), await enter(2, 'carla')]
  const [alice, bob, carla] = [first.person, second.person, third.person]
  const people = [alice, bob, carla]
  return {
    redis,
    services,
    ways: [first.way, second.way, third.way],
    alice,
    bob,
    carla,
    people,
    group: '' as ConversationId,
    sent: [],
    failures: [],
    [Symbol.asyncDispose]: async () => {
      for (const person of people) await person.stop()
      await services[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    },
  }
}

/** Everybody on a process of their own again. */
export async function spread({ ways, people }: Stage): Promise<void> {
  const placed = () => ways.map((way, index) => way.sockets()[index])
  const isPlaced = async (): Promise<boolean> => {
    for (const [index, way] of ways.entries()) if (way.sockets()[index] !== 1) way.cut()
    await Promise.all(people.map((person) => person.call('reconnect', {})))
    await Promise.all(people.map((person) => isOnline(person)))
    return placed().every((sockets) => sockets === 1)
  }
  await expect.poll(isPlaced, { timeout: 30_000, interval: 500 }).toBe(true)
}

export interface Laptop {
  readonly laptop: Person
  readonly device: DeviceId
}

/** A further browser of alice's, on the third process. */
export async function openLaptop({ alice, services }: Stage): Promise<Laptop> {
  const laptop = await logInElsewhere(alice, { baseUrl: (await services.enter(2)).url })
  const session = await laptop.until('session', {}, ({ kind }) => kind === 'signed-in')
  if (session.kind !== 'signed-in') throw new Error('not signed in')
  return { laptop, device: session.device }
}

/** From alice's word on the first process until the laptop knows; in milliseconds. */
export async function revoke({ alice }: Stage, { laptop, device }: Laptop): Promise<number> {
  const began = performance.now()
  await alice.call('revokeDevice', { device })
  await laptop.until('session', {}, (state) => state.kind === 'signed-out' && state.reason === 'revoked')
  const tookMs = performance.now() - began
  await laptop.stop()
  return tookMs
}

let count = 0

export async function say({ group, sent }: Stage, person: Person, text: string): Promise<string> {
  const unique = `${text} ${String(count++)}`
  sent.push({ text: unique, author: person.account, acknowledged: true })
  await person.send(group, unique)
  return unique
}

export function see({ group }: Stage, person: Person, text: string, timeoutMs?: number): Promise<unknown> {
  return person.until(
    'messages',
    { conversation: group },
    ({ messages }) => messages.some((each) => each.kind === 'text' && each.text === text),
    timeoutMs,
  )
}

/** How long it takes until everybody has it. */
export async function roundTrip(
  stage: Stage,
  from: Person,
  text: string,
  timeoutMs?: number,
): Promise<number> {
  const began = performance.now()
  const unique = await say(stage, from, text)
  await Promise.all(stage.people.map((person) => see(stage, person, unique, timeoutMs)))
  return performance.now() - began
}

export function isOnline(person: Person, timeoutMs?: number): Promise<unknown> {
  return person.until('connection', {}, ({ kind, waiting }) => kind === 'online' && waiting === 0, timeoutMs)
}

export function showsOnline(person: Person, account: AccountId, online = true): Promise<unknown> {
  const fits = (each: { account: AccountId; online: boolean }) =>
    each.account === account && each.online === online
  return person.until('contacts', {}, (contacts) => contacts.some(fits))
}

/** Looks at every screen: all that was written is there, once, in one order, and nobody ever read "failed". */
export async function expectNothingLost({ people, group, sent, failures }: Stage): Promise<void> {
  await Promise.all(people.map((person) => isOnline(person)))
  const look = async (): Promise<string[]> => {
    const observers = await Promise.all(
      people.map(async (person) => {
        const messages = await everything(person, group)
        return { name: person.name, account: person.account, messages, snapshots: [], waiting: 0 }
      }),
    )
    return checkHistory(sent, observers)
  }
  await expect.poll(look, { timeout: 20_000, interval: 500 }).toEqual([])
  expect(failures).toEqual([])
}

async function everything(person: Person, group: ConversationId): Promise<readonly MessageView[]> {
  while ((await person.call('loadOlder', { conversation: group, beforeSeq: 0 })).more);
  return person.messages(group)
}

/** From here on: nobody sees a message fail, and nobody is logged out. */
export function watchForFailures({ people, group, failures }: Stage): void {
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
export async function whileTalking<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
  const talking = setInterval(() => {
    for (const person of stage.people) void say(stage, person, `${person.name} redet`)
  }, 250)
  try {
    return await work()
  } finally {
    clearInterval(talking)
  }
}

/** Requests one after the other, until it is stopped; gives back how they failed. */
export async function askAllTheTime(stage: Stage): Promise<{ stop(): Promise<string[]> }> {
  const { laptop } = await openLaptop(stage)
  await laptop.stop()
  const cookies = createCookieJar(laptop.profile.cookies)
  const api = createApi({ baseUrl: stage.ways[0]?.url ?? '', headers: { origin: testOrigin }, cookies })
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
