/**
 * The cache that several processes share: Redis 7, one server or a Cluster. Nothing waits for it: while it is away every
 * command fails at once, and what listens is told when it is back.
 */
import type { ChainableCommander } from 'ioredis'
import { CacheAwayError, type Bucket, type Cache } from './cache.ts'
import { redisPrefix } from './cache-redis-acl.ts'
import { parseRedisAddress } from './cache-redis-address.ts'
import { connectRedis, type RedisCommands, type RedisConnections } from './cache-redis-connect.ts'
import { listenToRedis, type RedisListening } from './cache-redis-listening.ts'
import { ConfigError } from './config.ts'
import type { Log } from './log.ts'

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

const scripts = {
  spendToken: { numberOfKeys: 1, lua: SPEND },
  announceMember: { numberOfKeys: 1, lua: ANNOUNCE },
  announcedMembers: { numberOfKeys: 1, lua: ANNOUNCED },
}

const FIRST_ANSWER_MS = 3000

export interface RedisCacheOptions {
  /** See `parseRedisAddress`. */
  readonly url: string
  /** Before every key and channel. */
  readonly prefix?: string | undefined
  /** Told when it goes away and when it is back. */
  readonly log?: Log | undefined
}

/**
 * Resolves when it answers, or after a few seconds without it: a service must be able to start while Redis is away.
 * Throws `ConfigError` when Redis refuses the name or the password.
 */
export async function startRedisCache(options: RedisCacheOptions): Promise<Cache> {
  let refused: (error: ConfigError) => void = () => undefined
  const refusal = new Promise<never>((_, reject) => (refused = reject))
  refusal.catch(() => undefined)
  let away = false
  const connections = connectRedis(parseRedisAddress(options.url), (cause) => {
    if (isRefusal(cause)) refused(new ConfigError('Redis refuses the name or the password in its address.'))
    if (!away) options.log?.warn('cache away', { error: cause })
    away = true
  })
  const { commands } = connections
  commands.on('ready', () => {
    if (away) options.log?.info('cache back')
    away = false
  })
  for (const [name, script] of Object.entries(scripts)) commands.defineCommand(name, script)
  const prefix = options.prefix ?? redisPrefix
  const listening = listenToRedis(connections, prefix)
  try {
    await Promise.race([untilReady(commands), refusal])
  } catch (error) {
    listening.close()
    commands.disconnect()
    throw error
  }
  return redisCache(connections, listening, prefix)
}

function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && /^(WRONGPASS|NOAUTH|NOPERM)/.test(cause.message)
}

async function untilReady(commands: RedisCommands): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve) => {
    commands.once('ready', () => resolve())
    timer = setTimeout(resolve, FIRST_ANSWER_MS)
  })
  clearTimeout(timer)
}

interface Scripts {
  spendToken(key: string, burst: number, refillMs: number): Promise<number>
  announceMember(key: string, member: string, ttlMs: number): unknown
  announcedMembers(key: string): unknown
}

function redisCache(connections: RedisConnections, listening: RedisListening, prefix: string): Cache {
  const { commands } = connections
  const own = commands as unknown as Scripts
  return {
    form: 'redis',
    isReady: () => commands.status === 'ready' && listening.stands(),
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
      guard(async () => own.spendToken(prefix + key, bucket.burst, bucket.refillMs)),
    announce: (keys, member, ttlMs) =>
      guard(async () => {
        await perKey(connections, prefixed(prefix, keys), (pipeline, key) =>
          scriptsOf(pipeline).announceMember(key, member, ttlMs),
        )
      }),
    withdraw: (keys, member) =>
      guard(async () => {
        await perKey(connections, prefixed(prefix, keys), (pipeline, key) => pipeline.zrem(key, member))
      }),
    announced: (keys) =>
      guard(async () =>
        perKey<string[]>(connections, prefixed(prefix, keys), (pipeline, key) =>
          scriptsOf(pipeline).announcedMembers(key),
        ),
      ),
    publish: (channel, payload) =>
      guard(async () => {
        await commands.spublish(
          prefix + channel,
          Buffer.from(payload.buffer, payload.byteOffset, payload.length),
        )
      }),
    subscribe: listening.subscribe,
    onResubscribed: listening.onResubscribed,
    [Symbol.asyncDispose]: async () => {
      listening.close()
      if (commands.status === 'ready') await commands.quit().catch(() => undefined)
      commands.disconnect()
    },
  }
}

function scriptsOf(pipeline: ChainableCommander): Scripts {
  return pipeline as unknown as Scripts
}

function prefixed(prefix: string, keys: readonly string[]): string[] {
  return keys.map((key) => prefix + key)
}

/** One command for each key, in one write to each server; the answers in the order of the keys. */
async function perKey<T>(
  { commands, ownerOf }: RedisConnections,
  keys: readonly string[],
  add: (pipeline: ChainableCommander, key: string) => unknown,
): Promise<T[]> {
  const byOwner = new Map<string | undefined, number[]>()
  keys.forEach((key, index) => {
    const owner = ownerOf(key)
    const indexes = byOwner.get(owner)
    if (indexes === undefined) byOwner.set(owner, [index])
    else indexes.push(index)
  })
  const answers = new Array<T>(keys.length)
  await Promise.all(
    [...byOwner.values()].map(async (indexes) => {
      const pipeline = commands.pipeline()
      for (const index of indexes) add(pipeline, keys[index] ?? '')
      const replies = (await pipeline.exec()) ?? []
      replies.forEach(([error, reply], place) => {
        if (error !== null) throw error
        answers[indexes[place] ?? 0] = reply as T
      })
    }),
  )
  return answers
}

async function guard<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command()
  } catch (cause) {
    throw new CacheAwayError('the cache does not answer', { cause })
  }
}
