import { setTimeout as sleep } from 'node:timers/promises'
import { encodeToEphemeral, toServer, type Receipt } from '@brieftaube/protocol'
import {
  startMemoryCache,
  startRedisCache,
  startTestDatabase,
  type Cache,
  type TestDatabase,
} from '@brieftaube/service-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  startTestRedis,
  startTestRedisCluster,
  type TestRedis,
  type TestRedisCluster,
} from '../../../packages/service-kit/test/redis-server.ts'
import {
  befriend,
  commit,
  connect,
  contact,
  createPerson,
  foundGroup,
  readLog,
  sealed,
  send,
  claim,
  type Person,
  type Seat,
} from './test-people.ts'
import { startTestChat, ticket, type TestChat } from './test-server.ts'
import { openSocket } from './test-socket.ts'

let redis: TestRedis
let cluster: TestRedisCluster
beforeAll(async () => {
  redis = await startTestRedis()
  cluster = await startTestRedisCluster()
})
afterAll(async () => {
  await redis[Symbol.asyncDispose]()
  await cluster[Symbol.asyncDispose]()
})

function addressOf(form: 'redis' | 'redis-cluster'): string {
  if (form === 'redis') return redis.url
  return `redis-cluster://${cluster.ports.map((port) => `127.0.0.1:${port}`).join(',')}`
}

/** In memory both people are on one process; over Redis each is on its own. */
describe.each(['memory', 'redis', 'redis-cluster'] as const)('fan-out over the %s cache', (form) => {
  let database: TestDatabase
  const caches: Cache[] = []
  let here: TestChat
  let there: TestChat
  let alice: Person
  let bob: Person
  let a: Seat
  let b: Seat

  beforeAll(async () => {
    database = await startTestDatabase()
    const newCache = async () => {
      const cache = form === 'memory' ? startMemoryCache() : await startRedisCache({ url: addressOf(form) })
      caches.push(cache)
      return cache
    }
    here = await startTestChat({ database, cache: await newCache() })
    there = form === 'memory' ? here : await startTestChat({ database, cache: await newCache() })
    alice = await createPerson(here)
    bob = { ...(await createPerson(here)), chat: there }
    await befriend(alice, bob)
    const seats = await foundGroup(alice, [bob])
    if (seats[0] === undefined || seats[1] === undefined) throw new Error('seats')
    ;[a, b] = [seats[0], seats[1]]
  })
  afterAll(async () => {
    await here.close()
    if (there !== here) await there.close()
    for (const cache of caches) await cache[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  test('entries, acks, receipts, typing and hints reach a member wherever it is connected', async () => {
    const [from, to] = [await connect(alice), await connect(bob)]
    await sleep(100)
    for (let n = 1; n <= 30; n++) expect((await send(from, await sealed(a, `${n}`))).error).toBeUndefined()
    await expect.poll(() => to.entries.length, { timeout: 5000 }).toBe(30)
    expect(to.entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 30 }, (_, n) => n + 2))
    expect(await readLog(bob, a.conversation)).toEqual(await readLog(alice, a.conversation))
    to.emit(toServer.receipt, { conversation: a.conversation, read: 31 })
    await expect
      .poll(() => from.of('receipts').flatMap((event) => (event as { receipts: Receipt[] }).receipts))
      .toMatchObject([{ account: bob.account, read: 31 }])
    from.emit(toServer.openConversation, { conversation: a.conversation })
    await from.ask(toServer.watchPresence, { accounts: [] })
    to.emit(
      toServer.ephemeral,
      encodeToEphemeral({ conversation: a.conversation, generation: 0, epoch: 1, sealed: Uint8Array.of(9) }),
    )
    await expect.poll(() => from.of('ephemeral')).toHaveLength(1)
    from.close()
    to.close()
  })

  test('a commit changes who is told, on every process', async () => {
    const carla = { ...(await createPerson(here)), chat: there }
    await befriend(alice, carla)
    const [from, toBob, toCarla] = [await connect(alice), await connect(bob), await connect(carla)]
    await sleep(100)
    expect((await commit(a, { adds: await claim(alice, [carla.account]) })).status).toBe(200)
    await expect.poll(() => toCarla.of('welcome')).toHaveLength(1)
    await expect.poll(() => toBob.entries.at(-1)?.kind).toBe('commit')
    const { seq } = await send(from, await sealed(a, 'welcome carla'))
    await expect.poll(() => toCarla.entries.at(-1)?.seq).toBe(seq)
    // bob's process knew the older epoch
    expect(await send(toBob, await sealed(b, 'late'))).toMatchObject({ error: 'stale-epoch' })
    const leaf = a.state.roster.leaves.findIndex((each) => each?.account === carla.account)
    expect((await commit(a, { removes: [leaf] })).status).toBe(200)
    await send(from, await sealed(a, 'without carla'))
    await expect.poll(() => toBob.entries.at(-1)?.seq).toBe(seq + 2)
    expect(toCarla.entries.at(-1)).toMatchObject({ seq: seq + 1, kind: 'commit' })
    for (const socket of [from, toBob, toCarla]) socket.close()
  })

  test('a contact request and presence cross processes', async () => {
    const [dora, emil] = [await createPerson(here), { ...(await createPerson(here)), chat: there }]
    const [one, two] = [await connect(dora), await connect(emil)]
    await sleep(100)
    await contact(dora, emil, 'request')
    await expect.poll(() => two.of('contacts')).toEqual([{ version: 1 }])
    await contact(emil, dora, 'accept')
    await expect.poll(() => one.of('contacts')).toHaveLength(2)
    one.emit(toServer.watchPresence, { accounts: [emil.account] })
    await expect
      .poll(() => one.of('presence'))
      .toEqual([{ presence: [{ account: emil.account, online: true }] }])
    one.close()
    two.close()
  })
})

test('a ticket lets in once, on whichever process, whether or not Redis is there', async () => {
  await using own = await startTestRedis()
  await using database = await startTestDatabase()
  await using one = await startRedisCache({ url: own.url })
  await using other = await startRedisCache({ url: own.url })
  const [here, there] = [
    await startTestChat({ database, cache: one }),
    await startTestChat({ database, cache: other }),
  ]
  const alice = await createPerson(here)
  const refused = (port: number, used: string) =>
    expect(openSocket(port, { ticket: used })).rejects.toThrow('401')
  const first = ticket(alice)
  ;(await openSocket(here.port, { ticket: first })).close()
  await refused(there.port, first)
  await own.kill()
  await refused(there.port, first)
  const second = ticket(alice)
  ;(await openSocket(there.port, { ticket: second })).close()
  await refused(here.port, second)
  await here.close()
  await there.close()
})

test(
  'what Redis lost is found by comparing heads, and a restart of Redis loses nothing',
  { timeout: 60_000 },
  async () => {
    await using own = await startTestRedis()
    await using database = await startTestDatabase()
    const caches = [await startRedisCache({ url: own.url }), await startRedisCache({ url: own.url })]
    const [here, there] = [
      await startTestChat({ database, cache: caches[0] }),
      await startTestChat({ database, cache: caches[1] }),
    ]
    const alice = await createPerson(here)
    const bob = { ...(await createPerson(here)), chat: there }
    await befriend(alice, bob)
    const [a] = await foundGroup(alice, [bob])
    if (a === undefined) throw new Error('seat')
    const [from, to] = [await connect(alice), await connect(bob)]
    await sleep(100)
    await own.kill()
    const { seq } = await send(from, await sealed(a, 'while Redis is away'))
    await sleep(100)
    expect(to.entries).toEqual([])
    await own.start()
    const heads = () =>
      to.of('heads').flatMap((event) => (event as { heads: { seq: number; conversation: string }[] }).heads)
    await expect
      .poll(heads, { timeout: 10_000 })
      .toContainEqual({ conversation: a.conversation, generation: 0, seq })
    // and live again without anybody reconnecting
    await expect
      .poll(
        async () => {
          await send(from, await sealed(a, 'back'))
          return to.entries.length
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBeGreaterThan(0)
    await here.close()
    await there.close()
    for (const cache of caches) await cache[Symbol.asyncDispose]()
  },
)

test(
  'contacts, Welcomes, receipts and removals arrive while Redis is away',
  { timeout: 60_000 },
  async () => {
    await using own = await startTestRedis()
    await using database = await startTestDatabase()
    await using one = await startRedisCache({ url: own.url })
    await using other = await startRedisCache({ url: own.url })
    const here = await startTestChat({ database, cache: one })
    const there = await startTestChat({ database, cache: other })
    const alice = await createPerson(here)
    const [bob, carla] = [
      { ...(await createPerson(here)), chat: there },
      { ...(await createPerson(here)), chat: there },
    ]
    await befriend(alice, bob)
    const [a] = await foundGroup(alice, [bob])
    if (a === undefined) throw new Error('seat')
    const [from, toBob, toCarla] = [await connect(alice), await connect(bob), await connect(carla)]
    await own.kill()

    await contact(alice, carla, 'request')
    await expect.poll(() => toCarla.of('contacts')).toContainEqual({ version: 1 })
    await contact(carla, alice, 'accept')
    await expect.poll(() => from.of('contacts')).toContainEqual({ version: 4 })

    const { seq } = await send(from, await sealed(a, 'gelesen?'))
    toBob.emit(toServer.receipt, { conversation: a.conversation, read: seq })
    const receipts = () => from.of('receipts').flatMap((event) => (event as { receipts: Receipt[] }).receipts)
    await expect.poll(receipts).toContainEqual(expect.objectContaining({ account: bob.account, read: seq }))

    const heads = (socket: typeof toCarla) =>
      socket
        .of('heads')
        .flatMap((event) => (event as { heads: { conversation: string; seq: number }[] }).heads)
    expect((await commit(a, { adds: await claim(alice, [carla.account]) })).status).toBe(200)
    await expect.poll(() => toCarla.of('welcome').length).toBeGreaterThan(0)
    const at = (seqThere: number) => ({ conversation: a.conversation, generation: 0, seq: seqThere })
    await expect.poll(() => heads(toCarla)).toContainEqual(at(seq + 1))
    const leaf = a.state.roster.leaves.findIndex((each) => each?.account === carla.account)
    expect((await commit(a, { removes: [leaf] })).status).toBe(200)
    await send(from, await sealed(a, 'ohne carla'))
    await expect.poll(() => heads(toBob)).toContainEqual(at(seq + 3))
    await expect.poll(() => heads(toCarla)).toContainEqual(at(seq + 2))
    expect(heads(toCarla)).not.toContainEqual(at(seq + 3))
    for (const socket of [from, toBob, toCarla]) socket.close()
    await here.close()
    await there.close()
  },
)
