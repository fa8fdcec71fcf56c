/** The cache of a single process. */
import type { Cache } from './cache.ts'
import { TokenBuckets } from './token-bucket.ts'

interface Held {
  readonly value: string
  readonly until: number
}

const SWEEP_MS = 30_000

export function startMemoryCache(now: () => number = Date.now): Cache {
  const values = new Map<string, Held>()
  const directory = new Map<string, Map<string, number>>()
  const channels = new Map<string, Set<(payload: Uint8Array) => void>>()
  const buckets = new TokenBuckets(now)
  const sweeper = setInterval(() => {
    sweep(values, directory, now())
  }, SWEEP_MS)
  sweeper.unref()

  const read = (key: string): string | undefined => {
    const held = values.get(key)
    return held !== undefined && held.until > now() ? held.value : undefined
  }
  const write = (key: string, value: string, ttlMs: number): void => {
    values.set(key, { value, until: now() + ttlMs })
  }

  return {
    form: 'memory',
    isReady: () => true,
    get: async (key) => read(key),
    put: async (key, value, ttlMs) => {
      write(key, value, ttlMs)
    },
    putIfAbsent: async (key, value, ttlMs) => {
      if (read(key) !== undefined) return false
      write(key, value, ttlMs)
      return true
    },
    take: async (key) => {
      const value = read(key)
      values.delete(key)
      return value
    },
    remove: async (key) => {
      values.delete(key)
    },
    spend: async (key, bucket) => buckets.spend(key, bucket),
    announce: async (keys, member, ttlMs) => {
      for (const key of keys) {
        const members = directory.get(key) ?? new Map<string, number>()
        directory.set(key, members.set(member, now() + ttlMs))
      }
    },
    withdraw: async (keys, member) => {
      for (const key of keys) {
        const members = directory.get(key)
        members?.delete(member)
        if (members?.size === 0) directory.delete(key)
      }
    },
    announced: async (keys) =>
      keys.map((key) =>
        [...(directory.get(key) ?? [])].filter(([, until]) => until > now()).map(([name]) => name),
      ),
    publish: async (channel, payload) => {
      const copy = Uint8Array.from(payload)
      for (const listener of channels.get(channel) ?? []) queueMicrotask(() => listener(copy))
    },
    subscribe: async (channel, listener) => {
      const listeners = channels.get(channel) ?? new Set()
      channels.set(channel, listeners.add(listener))
      return { [Symbol.asyncDispose]: async () => void listeners.delete(listener) }
    },
    onResubscribed: () => undefined,
    [Symbol.asyncDispose]: async () => {
      clearInterval(sweeper)
      channels.clear()
    },
  }
}

function sweep(values: Map<string, Held>, directory: Map<string, Map<string, number>>, nowMs: number): void {
  for (const [key, held] of values) if (held.until <= nowMs) values.delete(key)
  for (const [key, members] of directory) {
    for (const [member, until] of members) if (until <= nowMs) members.delete(member)
    if (members.size === 0) directory.delete(key)
  }
}
