/**
 * Sharded subscriptions (Redis 7, SSUBSCRIBE): each channel is listened to at the server that owns it. Every few seconds
 * all of them are asked for again; that finds a silent connection, a server that lost its memory, and a channel that has
 * moved to another server, in the same way.
 */
import type { Redis } from 'ioredis'
import type { Cache } from './cache.ts'
import type { RedisConnections } from './cache-redis-connect.ts'

export interface RedisListening extends Pick<Cache, 'subscribe' | 'onResubscribed'> {
  /** Whether every channel is listened to. */
  stands(): boolean
  close(): void
}

const SETTLE_EVERY_MS = 2000
const DIALLING_MS = 1000

type Listener = (payload: Uint8Array) => void

interface State {
  readonly connections: RedisConnections
  readonly channels: Map<string, Set<Listener>>
  readonly byOwner: Map<string, Redis>
  /** Where each channel is listened to. */
  readonly standing: Map<string, Redis>
  readonly resubscribed: Set<() => void>
  /** Something may have been published while nobody listened. */
  missed: boolean
  closed: boolean
}

export function listenToRedis(connections: RedisConnections, prefix: string): RedisListening {
  const state: State = {
    connections,
    channels: new Map(),
    byOwner: new Map(),
    standing: new Map(),
    resubscribed: new Set(),
    missed: false,
    closed: false,
  }
  const settleOnce = createSettler(state)
  const timer = setInterval(() => void settleOnce(), SETTLE_EVERY_MS)
  timer.unref()
  return {
    stands: () => state.standing.size === state.channels.size,
    subscribe: async (channel, listener) => {
      const name = prefix + channel
      const listeners = state.channels.get(name) ?? new Set()
      state.channels.set(name, listeners.add(listener))
      await settleOnce()
      // it was not there in time: whatever is published until it is counts as missed
      if (!state.standing.has(name)) state.missed = true
      return { [Symbol.asyncDispose]: async () => forget(state, name, listener) }
    },
    onResubscribed: (listener) => void state.resubscribed.add(listener),
    close: () => {
      state.closed = true
      clearInterval(timer)
      for (const redis of state.byOwner.values()) redis.disconnect()
    },
  }
}

/** One at a time; who asks while one runs gets the next one, which sees what was asked for. */
function createSettler(state: State): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = (): Promise<void> => {
    running = settle(state, () => void settleOnce()).finally(() => (running = undefined))
    return running
  }
  const settleOnce = (): Promise<void> => {
    if (running === undefined) return begin()
    next ??= running.then(() => {
      next = undefined
      return begin()
    })
    return next
  }
  return settleOnce
}

/** Brings what is listened to in line with what is wanted; never rejects. */
async function settle(state: State, again: () => void): Promise<void> {
  if (state.closed) return
  for (const name of state.channels.keys()) connectionFor(state, name, again)
  await Promise.all([...state.byOwner.values()].map(whileDialling))
  await Promise.all([...state.channels.keys()].map((name) => settleChannel(state, name, again)))
  dropIdle(state)
  if (!state.missed || state.standing.size < state.channels.size) return
  state.missed = false
  for (const listener of state.resubscribed) listener()
}

async function settleChannel(state: State, name: string, again: () => void): Promise<void> {
  const { connections, standing } = state
  const redis = connectionFor(state, name, again)
  const before = standing.get(name)
  if (before !== undefined && before !== redis) {
    lose(state, name)
    await before.sunsubscribe(name).catch(() => undefined)
  }
  if (redis?.status !== 'ready') return
  try {
    await redis.ssubscribe(name)
    if (!state.channels.has(name)) await redis.sunsubscribe(name)
    // the connection may have ended since it answered
    else if (redis.status === 'ready') standing.set(name, redis)
  } catch {
    lose(state, name)
    connections.refresh()
  }
}

/** To the channel's owner; `undefined` while nobody knows it. */
function connectionFor(state: State, name: string, again: () => void): Redis | undefined {
  const owner = state.connections.ownerOf(name)
  if (owner === undefined) return undefined
  const known = state.byOwner.get(owner)
  if (known !== undefined) return known
  const redis = state.connections.open(owner)
  state.byOwner.set(owner, redis)
  redis.on('ready', again)
  redis.on('close', () => {
    for (const [name, at] of state.standing) if (at === redis) lose(state, name)
  })
  redis.on('smessageBuffer', (channel: Buffer, payload: Buffer) => {
    for (const listener of state.channels.get(channel.toString()) ?? []) listener(payload)
  })
  return redis
}

/** Whoever subscribes first waits for the connection, but not for long. */
async function whileDialling(redis: Redis): Promise<void> {
  if (redis.status !== 'connecting' && redis.status !== 'connect') return
  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve) => {
    redis.once('ready', () => resolve())
    redis.once('close', () => resolve())
    timer = setTimeout(resolve, DIALLING_MS)
  })
  clearTimeout(timer)
}

function lose(state: State, name: string): void {
  if (state.standing.delete(name)) state.missed = true
}

/** A server that owns none of our channels any more. */
function dropIdle(state: State): void {
  const wanted = new Set([...state.channels.keys()].map((name) => state.connections.ownerOf(name)))
  for (const [owner, redis] of state.byOwner) {
    // while nobody knows the owners, nothing is idle
    if (wanted.has(owner) || wanted.has(undefined)) continue
    state.byOwner.delete(owner)
    redis.disconnect()
  }
}

function forget(state: State, name: string, listener: Listener): void {
  const listeners = state.channels.get(name)
  listeners?.delete(listener)
  if (listeners === undefined || listeners.size > 0) return
  state.channels.delete(name)
  const at = state.standing.get(name)
  state.standing.delete(name)
  // nobody waits for it: the connection ends with the process, if not before
  at?.sunsubscribe(name).catch(() => undefined)
}
