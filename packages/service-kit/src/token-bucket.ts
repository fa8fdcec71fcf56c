/**
 * A token bucket as one number, the generic cell rate algorithm (ITU-T I.371): `fullAt` is when the bucket will be full
 * again. Each token taken moves it by `refillMs`; it may lie at most `burst` tokens ahead of now.
 */
import type { Bucket } from './cache.ts'

export interface Spending {
  /** 0: a token was taken; otherwise the milliseconds until there is one. */
  readonly waitMs: number
  readonly fullAt: number
}

export function spendToken(fullAt: number | undefined, bucket: Bucket, nowMs: number): Spending {
  const base = Math.max(fullAt ?? nowMs, nowMs)
  const waitMs = Math.ceil(base + bucket.refillMs - nowMs - bucket.burst * bucket.refillMs)
  return waitMs > 0 ? { waitMs, fullAt: base } : { waitMs: 0, fullAt: base + bucket.refillMs }
}

/** Buckets of this process, forgotten once they are full. */
export class TokenBuckets {
  readonly #fullAt = new Map<string, number>()
  readonly #now: () => number
  #sweepAt = 0

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** 0 or the milliseconds to wait. */
  spend(key: string, bucket: Bucket): number {
    const nowMs = this.#now()
    if (nowMs >= this.#sweepAt) this.#sweep(nowMs)
    const spending = spendToken(this.#fullAt.get(key), bucket, nowMs)
    this.#fullAt.set(key, spending.fullAt)
    return spending.waitMs
  }

  #sweep(nowMs: number): void {
    this.#sweepAt = nowMs + 60_000
    for (const [key, fullAt] of this.#fullAt) if (fullAt <= nowMs) this.#fullAt.delete(key)
  }
}
