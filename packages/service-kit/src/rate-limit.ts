/** Rate limits by the `rates` table: counted in the shared cache, or in this process where that is enough. */
import { ProtocolError, rates, type Rate, type RateName } from '@brieftaube/protocol'
import type { Cache } from './cache.ts'
import { TokenBuckets } from './token-bucket.ts'

export interface RateLimiter {
  /** Takes one token for the subject (an account, a device, a network, a pair); throws `rate-limited` or `unavailable`. */
  spend(rate: RateName, subject: string): Promise<void>
  /**
   * The same by this process's own count, without waiting: for limits per device on the hot path, where all of a
   * device's frames come through one process. 0, or the milliseconds to wait.
   */
  spendLocally(rate: RateName, subject: string): number
}

export function createRateLimiter(
  cache: Cache,
  table: Readonly<Record<RateName, Rate>> = rates,
  onLimited: (rate: RateName) => void = () => undefined,
): RateLimiter {
  const buckets = new TokenBuckets()
  const spendLocally = (name: RateName, subject: string): number => {
    const waitMs = buckets.spend(`${name}:${subject}`, table[name])
    if (waitMs > 0) onLimited(name)
    return waitMs
  }
  return {
    spendLocally,
    spend: async (name, subject) => {
      const rate = table[name]
      const waitMs = await cache.spend(`rate:${name}:${subject}`, rate).catch((cause: unknown) => {
        if (rate.whenUncounted === 'local') return buckets.spend(`${name}:${subject}`, rate)
        throw new ProtocolError('unavailable', 'Limits cannot be counted at this moment.', { cause })
      })
      if (waitMs === 0) return
      onLimited(name)
      throw rateLimited(waitMs)
    },
  }
}

export function rateLimited(retryAfterMs: number): ProtocolError {
  return new ProtocolError('rate-limited', 'Too many requests.', { retryAfterMs })
}
