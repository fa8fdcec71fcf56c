import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CacheAwayError, startMemoryCache, startRedisCache, type Cache } from '../src/index.ts'
import { startTestRedis, type TestRedis } from './redis-server.ts'

let redis: TestRedis
beforeAll(async () => {
  redis = await startTestRedis()
})
afterAll(async () => {
  await redis[Symbol.asyncDispose]()
})

const forms: Record<string, () => Promise<Cache>> = {
  memory: async () => startMemoryCache(),
  redis: () => startRedisCache({ url: redis.url, prefix: `test-${Math.random()}:` }),
}

describe.each(Object.keys(forms))('the cache in its %s form', (form) => {
  let cache: Cache
  beforeAll(async () => {
    cache = await (forms[form] ?? forms['memory'] ?? startMemoryCache)()
  })
  afterAll(async () => {
    await cache[Symbol.asyncDispose]()
  })

  test('keeps a value until its lifetime ends or it is removed', async () => {
    await cache.put('value', 'alice', 60)
    await cache.put('other', 'bob', 60_000)
    expect(await cache.get('value')).toBe('alice')
    await cache.remove('other')
    expect(await cache.get('other')).toBeUndefined()
    await sleep(90)
    expect(await cache.get('value')).toBeUndefined()
  })

  test('lets exactly one of many put what was absent', async () => {
    const won = await Promise.all(
      Array.from({ length: 50 }, (_, n) => cache.putIfAbsent('ticket', String(n), 1000)),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
  })

  test('hands a value out once', async () => {
    await cache.put('once', 'secret', 1000)
    const taken = await Promise.all(Array.from({ length: 20 }, () => cache.take('once')))
    expect(taken.filter((value) => value === 'secret')).toHaveLength(1)
    expect(await cache.get('once')).toBeUndefined()
  })

  test('lets a bucket burst, then refills it', async () => {
    const bucket = { burst: 3, refillMs: 100 }
    const waits = await Promise.all(Array.from({ length: 5 }, () => cache.spend('bucket', bucket)))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
    expect(Math.max(...waits)).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(100)
    await sleep(130)
    expect(await cache.spend('bucket', bucket)).toBe(0)
    expect(await cache.spend('bucket', bucket)).toBeGreaterThan(0)
  })

  test('keeps a directory whose members expire one by one', async () => {
    await cache.announce(['alice', 'bob'], 'node-1', 5000)
    await cache.announce(['alice'], 'node-2', 80)
    expect((await cache.announced(['alice', 'carla', 'bob'])).map((members) => members.sort())).toEqual([
      ['node-1', 'node-2'],
      [],
      ['node-1'],
    ])
    await sleep(120)
    await cache.withdraw('bob', 'node-1')
    expect(await cache.announced(['alice', 'bob'])).toEqual([['node-1'], []])
    expect(await cache.announced([])).toEqual([])
  })

  test('publishes bytes to those who listen, in order, and to nobody else', async () => {
    const heard: string[] = []
    const subscription = await cache.subscribe('node', (payload) =>
      heard.push(Buffer.from(payload).toString('hex')),
    )
    const elsewhere = await cache.subscribe('other', () => heard.push('wrong'))
    for (const byte of [0, 127, 255]) await cache.publish('node', Uint8Array.of(byte, 0, 10))
    await sleep(50)
    await subscription[Symbol.asyncDispose]()
    await cache.publish('node', Uint8Array.of(1))
    await sleep(30)
    await elsewhere[Symbol.asyncDispose]()
    expect(heard).toEqual(['00000a', '7f000a', 'ff000a'])
  })
})

test('a Redis that goes away fails fast, and listeners are told when it is back', async () => {
  await using own = await startTestRedis()
  await using cache = await startRedisCache({ url: own.url })
  const heard: number[] = []
  let resubscribed = 0
  await cache.subscribe('node', (payload) => heard.push(payload[0] ?? 0))
  cache.onResubscribed(() => resubscribed++)
  await own.kill()
  await sleep(50)
  const started = Date.now()
  await expect(cache.get('key')).rejects.toBeInstanceOf(CacheAwayError)
  expect(Date.now() - started).toBeLessThan(1500)
  expect(cache.isReady()).toBe(false)
  await own.start()
  await expect.poll(() => resubscribed, { timeout: 5000 }).toBeGreaterThan(0)
  await cache.publish('node', Uint8Array.of(7))
  await expect.poll(() => heard).toEqual([7])
})
