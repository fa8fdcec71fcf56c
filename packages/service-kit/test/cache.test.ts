import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CacheAwayError, startMemoryCache, startRedisCache } from '../src/index.ts'
import { cacheContract } from './cache-contract.ts'
import { startTestRedis, type TestRedis } from './redis-server.ts'

let redis: TestRedis
beforeAll(async () => {
  redis = await startTestRedis()
})
afterAll(async () => {
  await redis[Symbol.asyncDispose]()
})

cacheContract('memory', async () => startMemoryCache())
cacheContract('Redis', () => startRedisCache({ url: redis.url, prefix: `test-${Math.random()}:` }))

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

test('a Redis that hangs is given up within seconds, and taken up again when it moves', async () => {
  await using own = await startTestRedis()
  await using cache = await startRedisCache({ url: own.url })
  const heard: number[] = []
  await cache.subscribe('node', (payload) => heard.push(payload[0] ?? 0))
  own.freeze()
  const started = Date.now()
  await expect(cache.put('key', 'value', 60_000)).rejects.toBeInstanceOf(CacheAwayError)
  expect(Date.now() - started).toBeLessThan(5000)
  await expect.poll(() => cache.isReady(), { timeout: 10_000 }).toBe(false)
  // soon nothing waits at all
  const waited = async (): Promise<number> => {
    const asked = performance.now()
    for (let n = 0; n < 20; n++) await cache.get('key').catch(() => undefined)
    return performance.now() - asked
  }
  await expect.poll(waited, { timeout: 10_000 }).toBeLessThan(500)
  own.thaw()
  await expect.poll(() => cache.isReady(), { timeout: 10_000 }).toBe(true)
  await cache.publish('node', Uint8Array.of(1))
  await expect.poll(() => heard).toEqual([1])
})

test('a service starts without Redis and finds it later', async () => {
  await using own = await startTestRedis()
  await own.kill()
  await using cache = await startRedisCache({ url: own.url })
  let resubscribed = 0
  cache.onResubscribed(() => resubscribed++)
  const heard: number[] = []
  await cache.subscribe('node', (payload) => heard.push(payload[0] ?? 0))
  expect(cache.isReady()).toBe(false)
  await own.start()
  await expect.poll(() => cache.isReady(), { timeout: 10_000 }).toBe(true)
  expect(resubscribed).toBe(1)
  await cache.publish('node', Uint8Array.of(2))
  await expect.poll(() => heard).toEqual([2])
})

test('what was subscribed and disposed of is not listened to after Redis was away', async () => {
  await using own = await startTestRedis()
  await using cache = await startRedisCache({ url: own.url })
  const heard: number[] = []
  const subscription = await cache.subscribe('node', () => heard.push(1))
  await cache.subscribe('other', () => heard.push(2))
  await own.kill()
  await subscription[Symbol.asyncDispose]()
  await own.start()
  await expect.poll(() => cache.isReady(), { timeout: 10_000 }).toBe(true)
  await cache.publish('node', Uint8Array.of(1))
  await cache.publish('other', Uint8Array.of(1))
  await expect.poll(() => heard).toEqual([2])
})
