/**
 * The cache port: small values with a lifetime, token buckets, a directory of who is where, and publish/subscribe.
 * Two forms: in memory for a single process, Redis for several. Everything in it is a hint or a limit; PostgreSQL and the
 * clients' cursors are the truth, so that losing the cache loses no message.
 */
import type { Rate } from '@brieftaube/protocol'

export type Bucket = Pick<Rate, 'burst' | 'refillMs'>

/** Every method rejects with `CacheAwayError` while the store cannot be reached. */
export interface Cache extends AsyncDisposable {
  readonly form: 'memory' | 'redis'
  /** Whether the store answers at this moment, and every subscription stands. */
  isReady(): boolean

  get(key: string): Promise<string | undefined>
  put(key: string, value: string, ttlMs: number): Promise<void>
  /** Whether it was absent; exactly one of several concurrent callers gets `true`. */
  putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>
  /** Reads and removes in one step; exactly one of several concurrent callers gets the value. */
  take(key: string): Promise<string | undefined>
  remove(key: string): Promise<void>

  /** Takes one token of the bucket. 0: taken; otherwise the milliseconds until there is one. */
  spend(key: string, bucket: Bucket): Promise<number>

  /** Writes `member` into the directory under each key, for `ttlMs`. */
  announce(keys: readonly string[], member: string, ttlMs: number): Promise<void>
  withdraw(keys: readonly string[], member: string): Promise<void>
  /** The living members under each key, in the order of the keys. */
  announced(keys: readonly string[]): Promise<string[][]>

  /** At most once, to whoever listens now. */
  publish(channel: string, payload: Uint8Array): Promise<void>
  /**
   * Resolves when the subscription stands, or without it while the store is away: it stands as soon as the store is back,
   * and survives reconnects. Dispose to end it.
   */
  subscribe(channel: string, listener: (payload: Uint8Array) => void): Promise<AsyncDisposable>
  /** Called when subscriptions that were lost, or could not be made, stand: what was published until then is gone. */
  onResubscribed(listener: () => void): void
}

/** The shared store cannot be reached; what to do then is the caller's decision. */
export class CacheAwayError extends Error {
  override readonly name = 'CacheAwayError'
}
