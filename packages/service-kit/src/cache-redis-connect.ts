/** Connections to Redis, to one server or to a Cluster: how long anything waits, and which server a key belongs to. */
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisAddress, RedisLogin, RedisServer } from './cache-redis-address.ts'

export type RedisCommands = Redis | Cluster

export interface RedisConnections {
  readonly commands: RedisCommands
  /** The server that the key or channel belongs to at this moment; `undefined` while nobody knows. */
  ownerOf(key: string): string | undefined
  /** A further connection to that server. */
  open(owner: string): Redis
  /** An owner was wrong. */
  refresh(): void
}

/** A command that is not answered by then has failed: nothing waits longer for a hint or a limit. */
const COMMAND_TIMEOUT_MS = 1000
/** A server that owes an answer for so long is gone, whatever the connection says; it is dialled anew. */
const SILENCE_MS = 2000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000
const SLOTS_REFRESH_MS = 5000
const REDIRECTIONS = 4

/** Dials at once and goes on trying. `onError` hears of every attempt that failed. */
export function connectRedis(address: RedisAddress, onError: (cause: unknown) => void): RedisConnections {
  return address.kind === 'cluster'
    ? connectCluster(address.servers, address.login, onError)
    : connectSingle(address, onError)
}

function connectSingle(
  address: Exclude<RedisAddress, { kind: 'cluster' }>,
  onError: (cause: unknown) => void,
): RedisConnections {
  const place =
    address.kind === 'path' ? { path: address.path } : { ...address.server, ...loginOptions(address.login) }
  const open = (): Redis => listenTo(new Redis({ ...behaviour, ...place }), onError)
  return { commands: open(), ownerOf: () => 'the only one', open, refresh: () => undefined }
}

function connectCluster(
  servers: readonly RedisServer[],
  login: RedisLogin,
  onError: (cause: unknown) => void,
): RedisConnections {
  const { enableOfflineQueue, retryStrategy, ...shared } = behaviour
  const options = { ...shared, ...loginOptions(login) }
  const cluster = new Cluster([...servers], {
    redisOptions: options,
    enableOfflineQueue,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshTimeout: COMMAND_TIMEOUT_MS,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    maxRedirections: REDIRECTIONS,
  })
  cluster.on('error', onError)
  cluster.on('node error', onError)
  const open = (owner: string): Redis => {
    const colon = owner.lastIndexOf(':')
    const server = { host: owner.slice(0, colon), port: Number(owner.slice(colon + 1)) }
    return listenTo(new Redis({ ...behaviour, ...options, ...server }), onError)
  }
  return {
    commands: cluster,
    ownerOf: (key) => cluster.slots[slotOf(key)]?.[0],
    open,
    refresh: () => cluster.refreshSlotsCache(),
  }
}

const behaviour = {
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: SILENCE_MS,
  connectTimeout: SILENCE_MS,
  // without a connection commands fail at once, and those under way fail with it
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  disableClientInfo: true,
  retryStrategy: (attempt: number): number => Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS),
} satisfies RedisOptions

function loginOptions({
  username,
  password,
  tls,
}: RedisLogin): Pick<RedisOptions, 'username' | 'password' | 'tls'> {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
  }
}

function listenTo(redis: Redis, onError: (cause: unknown) => void): Redis {
  return redis.on('error', onError)
}

/** Redis Cluster's hash slot (CRC16 with the polynomial 0x1021, modulo 16384); our keys have no braces. */
export function slotOf(key: string): number {
  let crc = 0
  for (const byte of Buffer.from(key)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff
  }
  return crc % 16_384
}
