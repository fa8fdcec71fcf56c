import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { redisAclRules, redisUserName, startRedisCache, type Cache } from '../src/index.ts'
import { slotOf } from '../src/cache-redis-connect.ts'
import { cacheContract } from './cache-contract.ts'
import { sha256, startTestRedisCluster, type TestRedisCluster } from './redis-server.ts'

const password = 'the-password-of-this-test'
let cluster: TestRedisCluster
let url: string
beforeAll(async () => {
  cluster = await startTestRedisCluster({
    acl: redisAclRules({ passwordSha256: sha256(password), cluster: true }),
  })
  const hosts = cluster.ports.map((port) => `127.0.0.1:${String(port)}`).join(',')
  url = `redis-cluster://${redisUserName}:${password}@${hosts}`
})
afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
})

cacheContract('Redis Cluster, as the user that may do the least,', () => startRedisCache({ url }))

/** Three equal shares, as `redis-cli --cluster create` gives them. */
function masterOf(name: string): number {
  return Math.min(2, Math.floor(slotOf(`brieftaube:${name}`) / 5461))
}

/** One name for each master. */
function names(): string[] {
  return [0, 1, 2].map((master) => {
    for (let n = 0; ; n++) if (masterOf(`name-${String(n)}`) === master) return `name-${String(n)}`
  })
}

test('keys and channels of every master work, and those of two go on while the third is away', async () => {
  const errors: unknown[] = []
  await using cache = await startRedisCache({ url, log: { ...console, warn: (_, at) => errors.push(at) } })
  const [first = '', second = '', third = ''] = names()
  const heard: string[] = []
  for (const name of [first, second, third])
    await cache.subscribe(name, (payload) => heard.push(`${name} ${String(payload[0])}`))
  let resubscribed = 0
  cache.onResubscribed(() => resubscribed++)
  const publish = async (byte: number): Promise<void> => {
    for (const name of [first, second, third])
      await cache.publish(name, Uint8Array.of(byte)).catch(() => undefined)
  }
  await publish(1)
  await expect.poll(() => heard.sort()).toEqual([`${first} 1`, `${second} 1`, `${third} 1`].sort())
  await cache.announce([first, second, third], 'node', 60_000)
  expect(await cache.announced([third, second, first])).toEqual([['node'], ['node'], ['node']])

  await cluster.kill(masterOf(second))
  await expect.poll(() => cache.isReady(), { timeout: 10_000 }).toBe(false)
  heard.length = 0
  await expect.poll(() => untilHeard(cache, third, heard), { timeout: 15_000 }).toBe(true)
  // the Cluster takes a moment to agree on who is gone
  const stillThere = () => cache.announced([first, third]).catch(() => [])
  await expect.poll(stillThere, { timeout: 15_000 }).toEqual([['node'], ['node']])
  const asked = performance.now()
  await cache.get(second).catch(() => undefined)
  expect(performance.now() - asked).toBeLessThan(5000)

  await cluster.start(masterOf(second))
  await expect.poll(() => cache.isReady(), { timeout: 20_000 }).toBe(true)
  expect(resubscribed).toBeGreaterThan(0)
  heard.length = 0
  await expect.poll(() => untilHeard(cache, second, heard), { timeout: 15_000 }).toBe(true)
  // a master that comes back takes no writes for a moment
  const stored = () => cache.putIfAbsent(second, 'again', 60_000).catch(() => false)
  await expect.poll(stored, { timeout: 15_000 }).toBe(true)
  expect(await cache.get(second)).toBe('again')
})

async function untilHeard(cache: Cache, name: string, heard: readonly string[]): Promise<boolean> {
  await cache.publish(name, Uint8Array.of(2)).catch(() => undefined)
  await sleep(50)
  return heard.includes(`${name} 2`)
}
