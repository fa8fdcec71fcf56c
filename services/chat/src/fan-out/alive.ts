/**
 * Which processes live: each says so every few seconds. What a dead one left in the directory counts no more, and a
 * process that does not find itself there knows that the cache has lost its memory.
 */
import { CacheAwayError, type Cache } from '@brieftaube/service-kit'

export interface Alive {
  /** Whether it was found dead. Asking about a process that nobody has heard of lets the next look find out. */
  isGone(node: string): boolean
  close(): Promise<void>
}

const KEY = 'nodes'
const LOOK_MS = 5_000
const TTL_MS = 15_000
/** After the cache was away everybody gets time to say that they live. */
const GRACE_MS = 2 * LOOK_MS
const MAX_REMEMBERED = 1000

export interface AliveParts {
  readonly cache: Cache
  readonly self: string
  /** Some died. */
  readonly onGone: () => void
  /** We were not there any more: neither is anything else that we wrote. */
  readonly onForgotten: () => void
  readonly onFailure: (error: unknown) => void
}

export async function startAlive(parts: AliveParts): Promise<Alive> {
  const { cache, self, onFailure } = parts
  const gone = new Set<string>()
  const heardOf = new Set<string>()
  let judgeFrom = Date.now() + GRACE_MS
  let announced = false
  const look = async (): Promise<void> => {
    const [living = []] = await cache.announced([KEY])
    await cache.announce([KEY], self, TTL_MS)
    if (announced && !living.includes(self)) {
      judgeFrom = Date.now() + GRACE_MS
      parts.onForgotten()
    }
    announced = true
    if (Date.now() >= judgeFrom && judge(living, heardOf, gone)) parts.onGone()
  }
  const lookOrWait = async (): Promise<void> => {
    await look().catch((error: unknown) => {
      judgeFrom = Date.now() + GRACE_MS
      if (!(error instanceof CacheAwayError)) onFailure(error)
    })
  }
  await lookOrWait()
  const timer = setInterval(() => void lookOrWait(), LOOK_MS)
  timer.unref()
  return {
    isGone: (node) => {
      heardOf.add(node)
      return gone.has(node)
    },
    close: async () => {
      clearInterval(timer)
      await cache.withdraw([KEY], self).catch(() => undefined)
    },
  }
}

/** Whether somebody is newly gone. */
function judge(living: readonly string[], heardOf: Set<string>, gone: Set<string>): boolean {
  if (gone.size > MAX_REMEMBERED) gone.clear()
  const before = gone.size
  for (const node of living) gone.delete(node)
  for (const node of heardOf) if (!living.includes(node)) gone.add(node)
  heardOf.clear()
  for (const node of living) heardOf.add(node)
  return gone.size > before
}
