/** Routes in memory: found without waiting on the hot path, loaded once when many ask, forgotten oldest first. */
import type { ConversationId } from '@brieftaube/protocol'
import type { Pool } from '../database.ts'
import { loadRoute } from './conversation-store.ts'
import type { Route } from './route.ts'

export interface Routes {
  /** Only what is at hand. */
  peek(conversation: ConversationId): Route | undefined
  /** `undefined`: there is no such conversation. `fresh`: not older than this moment. */
  get(conversation: ConversationId, fresh?: boolean): Promise<Route | undefined>
  forget(conversation: ConversationId): void
}

const MAX_DEVICES = 300_000

/** `maxAgeMs`: how long a change made by another process may stay unnoticed. */
export function createRoutes(pool: Pool, maxAgeMs: number): Routes {
  const held = new Map<ConversationId, Route>()
  const loading = new Map<ConversationId, Promise<Route | undefined>>()
  let devices = 0

  const forget = (conversation: ConversationId): void => {
    const route = held.get(conversation)
    if (route === undefined) return
    devices -= route.devices.size
    held.delete(conversation)
  }
  const keep = (route: Route): void => {
    forget(route.conversation)
    held.set(route.conversation, route)
    devices += route.devices.size
    for (const oldest of held.keys()) {
      if (devices <= MAX_DEVICES) break
      forget(oldest)
    }
  }
  const peek = (conversation: ConversationId): Route | undefined => {
    const route = held.get(conversation)
    return route !== undefined && Date.now() - route.loadedAt <= maxAgeMs ? route : undefined
  }
  const load = async (conversation: ConversationId): Promise<Route | undefined> => {
    const route = await loadRoute(pool, conversation)
    if (route !== undefined) keep(route)
    return route
  }

  return {
    peek,
    get: async (conversation, fresh = false) => {
      const known = fresh ? undefined : peek(conversation)
      if (known !== undefined) return known
      if (fresh) return load(conversation)
      const running =
        loading.get(conversation) ?? load(conversation).finally(() => loading.delete(conversation))
      loading.set(conversation, running)
      return running
    },
    forget,
  }
}
