/** The cache that several processes share: Redis 7, with sharded publish/subscribe on a connection of its own. */
import { Redis, type RedisOptions } from 'ioredis'
import { CacheAwayError, type Bucket, type Cache } from './cache.ts'

/** The same arithmetic as `spendToken`, by the store's clock, in one step. */
const SPEND = `
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local burst, refill = tonumber(ARGV[1]), tonumber(ARGV[2])
local base = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = base + refill - now - burst * refill
if wait > 0 then return wait end
redis.call('SET', KEYS[1], base + refill, 'PX', base + refill - now + 1000)
return 0`

/** A set of members, each with the time it expires as its score. */
const ANNOUNCE = `
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`

const ANNOUNCED = `
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
return redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')`

const COMMAND_TIMEOUT_MS = 1000
const RECONNECT_MAX_MS = 1000

export interface RedisCacheOptions {
  readonly url: string
  /** Before every key and channel. */
  readonly prefix?: string | undefined
  readonly onError?: ((cause: unknown) => void) | undefined
}

export async function startRedisCache(options: RedisCacheOptions): Promise<Cache> {
  const commands = connect(options, {
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
  })
  const listening = connect(options, { maxRetriesPerRequest: null })
  commands.defineCommand('spendToken', { numberOfKeys: 1, lua: SPEND })
  commands.defineCommand('announceMember', { numberOfKeys: 1, lua: ANNOUNCE })
  commands.defineCommand('announcedMembers', { numberOfKeys: 1, lua: ANNOUNCED })
  await Promise.all([untilReady(commands), untilReady(listening)]).catch((cause: unknown) => {
    commands.disconnect()
    listening.disconnect()
    throw new CacheAwayError('the cache cannot be reached', { cause })
  })
  return redisCache(commands, listening, options.prefix ?? 'brieftaube:')
}

function connect(
  options: RedisCacheOptions,
  behaviour: Pick<RedisOptions, 'maxRetriesPerRequest' | 'commandTimeout' | 'enableOfflineQueue'>,
): Redis {
  const redis = new Redis(options.url, {
    ...behaviour,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, RECONNECT_MAX_MS),
  })
  redis.on('error', (cause) => options.onError?.(cause))
  return redis
}

function untilReady(redis: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    redis.once('ready', () => resolve())
    setTimeout(() => reject(new Error('no answer')), 5000).unref()
  })
}

interface Scripts {
  spendToken(key: string, burst: number, refillMs: number): Promise<number>
  announceMember(key: string, member: string, ttlMs: number): unknown
  announcedMembers(key: string): unknown
}

function redisCache(commands: Redis, listening: Redis, prefix: string): Cache {
  const scripts = commands as unknown as Scripts
  return {
    form: 'redis',
    isReady: () => commands.status === 'ready' && listening.status === 'ready',
    get: (key) => guard(async () => (await commands.get(prefix + key)) ?? undefined),
    put: (key, value, ttlMs) =>
      guard(async () => {
        await commands.set(prefix + key, value, 'PX', ttlMs)
      }),
    putIfAbsent: (key, value, ttlMs) =>
      guard(async () => (await commands.set(prefix + key, value, 'PX', ttlMs, 'NX')) === 'OK'),
    take: (key) => guard(async () => (await commands.getdel(prefix + key)) ?? undefined),
    remove: (key) =>
      guard(async () => {
        await commands.del(prefix + key)
      }),
    spend: (key, bucket: Bucket) =>
      guard(async () => scripts.spendToken(prefix + key, bucket.burst, bucket.refillMs)),
    announce: (keys, member, ttlMs) =>
      guard(async () => {
        await pipelined(commands, keys, (pipeline, key) =>
          pipeline.announceMember(prefix + key, member, ttlMs),
        )
      }),
    withdraw: (key, member) =>
      guard(async () => {
        await commands.zrem(prefix + key, member)
      }),
    announced: (keys) =>
      guard(async () =>
        pipelined<string[]>(commands, keys, (pipeline, key) => pipeline.announcedMembers(prefix + key)),
      ),
    publish: (channel, payload) =>
      guard(async () => {
        await commands.spublish(
          prefix + channel,
          Buffer.from(payload.buffer, payload.byteOffset, payload.length),
        )
      }),
    ...listeners(listening, prefix),
    [Symbol.asyncDispose]: async () => {
      listening.disconnect()
      await commands.quit().catch(() => undefined)
      commands.disconnect()
    },
  }
}

async function pipelined<T>(
  redis: Redis,
  keys: readonly string[],
  add: (pipeline: Scripts, key: string) => unknown,
): Promise<T[]> {
  if (keys.length === 0) return []
  const pipeline = redis.pipeline()
  for (const key of keys) add(pipeline as unknown as Scripts, key)
  const answers = (await pipeline.exec()) ?? []
  return answers.map(([error, answer]) => {
    if (error !== null) throw error
    return answer as T
  })
}

function listeners(listening: Redis, prefix: string): Pick<Cache, 'subscribe' | 'onResubscribed'> {
  const channels = new Map<string, Set<(payload: Uint8Array) => void>>()
  const resubscribed = new Set<() => void>()
  listening.on('smessageBuffer', (channel: Buffer, payload: Buffer) => {
    for (const listener of channels.get(channel.toString()) ?? []) listener(payload)
  })
  // `ready` comes once more after every reconnect, before the library has subscribed again; a second, harmless
  // subscription of our own tells when they stand.
  listening.on('ready', () => {
    const names = [...channels.keys()]
    void Promise.all(names.map((name) => listening.ssubscribe(name))).then(
      () => {
        for (const listener of resubscribed) listener()
      },
      () => undefined,
    )
  })
  return {
    subscribe: (channel, listener) =>
      guard(async () => {
        const name = prefix + channel
        const known = channels.get(name)
        const all = known ?? new Set()
        channels.set(name, all.add(listener))
        if (known === undefined) await listening.ssubscribe(name)
        return {
          [Symbol.asyncDispose]: async () => {
            all.delete(listener)
            if (all.size > 0 || channels.get(name) !== all) return
            channels.delete(name)
            await listening.sunsubscribe(name).catch(() => undefined)
          },
        }
      }),
    onResubscribed: (listener) => void resubscribed.add(listener),
  }
}

async function guard<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command()
  } catch (cause) {
    throw new CacheAwayError('the cache does not answer', { cause })
  }
}
