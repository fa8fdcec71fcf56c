import { ProtocolError, rates } from '@brieftaube/protocol'
import { expect, test } from 'vitest'
import {
  CacheAwayError,
  createRateLimiter,
  startMemoryCache,
  TokenBuckets,
  type Cache,
} from '../src/index.ts'

const away: Cache = { ...startMemoryCache(), spend: () => Promise.reject(new CacheAwayError('away')) }

test('a limit is refused with the time to wait once the burst is used up', async () => {
  const limiter = createRateLimiter(startMemoryCache())
  for (let n = 0; n < rates.login.burst; n++) await limiter.spend('login', 'alice')
  const refusal = await limiter.spend('login', 'alice').catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(ProtocolError)
  expect(refusal).toMatchObject({ code: 'rate-limited' })
  expect((refusal as ProtocolError).retryAfterMs).toBeGreaterThan(rates.login.refillMs - 1000)
  await limiter.spend('login', 'bob')
})

test('without the shared counter a guarded limit refuses and a messaging limit counts locally', async () => {
  const limiter = createRateLimiter(away)
  await expect(limiter.spend('login', 'alice')).rejects.toMatchObject({ code: 'unavailable' })
  for (let n = 0; n < rates.commit.burst; n++) await limiter.spend('commit', 'alice')
  await expect(limiter.spend('commit', 'alice')).rejects.toMatchObject({ code: 'rate-limited' })
})

test('a bucket holds no more than its burst, however long it rested', () => {
  let now = 1_000_000
  const buckets = new TokenBuckets(() => now)
  const bucket = { burst: 3, refillMs: 1000 }
  const burst = (): number[] => Array.from({ length: 5 }, () => buckets.spend('a', bucket))
  expect(burst()).toEqual([0, 0, 0, 1000, 1000])
  now += 3_600_000
  expect(burst()).toEqual([0, 0, 0, 1000, 1000])
  now += 999
  expect(buckets.spend('a', bucket)).toBe(1)
  now += 1
  expect(buckets.spend('a', bucket)).toBe(0)
})
