import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cache } from '../src/index.ts'

/** What every form of the cache promises, for a form that `start` starts. */
export function cacheContract(form: string, start: () => Promise<Cache>): void {
  describe(`the cache in its ${form} form`, () => {
    let cache: Cache
    beforeAll(async () => {
      cache = await start()
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
      const bucket = { burst: 3, refillMs: 400 }
      const waits = await Promise.all(Array.from({ length: 5 }, () => cache.spend('bucket', bucket)))
      expect(waits.filter((wait) => wait === 0)).toHaveLength(3)
      expect(Math.max(...waits)).toBeGreaterThan(0)
      expect(Math.max(...waits)).toBeLessThanOrEqual(400)
      await sleep(430)
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
      await cache.withdraw(['bob', 'carla'], 'node-1')
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
}
