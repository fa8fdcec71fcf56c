/**
 * A ticket lets in once. Where there is one process it remembers by itself; several ask the database, never the cache:
 * whoever reconnects while Redis is away must get in, and a ticket that was used on one process must not work on another.
 */
import { limits } from '@brieftaube/protocol'
import type { Cache, Log } from '@brieftaube/service-kit'
import type { Pool } from '../database.ts'
import { putTicket, removeTickets } from './ticket-store.ts'

export interface UsedTickets {
  /** Whether this is its first use, anywhere. */
  use(id: string): Promise<boolean>
  close(): void
}

/** A ticket's own life, and the difference between the clocks of issuer and verifier. */
const MEMORY_MS = 2 * limits.socketTicketMs

export function startUsedTickets(parts: { pool: Pool; form: Cache['form']; log: Log }): UsedTickets {
  return parts.form === 'memory' ? rememberHere() : rememberInDatabase(parts)
}

function rememberHere(): UsedTickets {
  const used = new Map<string, number>()
  const timer = setInterval(() => {
    for (const [id, until] of used) if (until < Date.now()) used.delete(id)
  }, MEMORY_MS)
  timer.unref()
  return {
    use: async (id) => {
      if (used.has(id)) return false
      used.set(id, Date.now() + MEMORY_MS)
      return true
    },
    close: () => clearInterval(timer),
  }
}

function rememberInDatabase({ pool, log }: { pool: Pool; log: Log }): UsedTickets {
  const timer = setInterval(() => {
    removeTickets(pool, Date.now()).catch((error: unknown) => log.warn('used tickets not swept', { error }))
  }, MEMORY_MS)
  timer.unref()
  return { use: (id) => putTicket(pool, id, Date.now() + MEMORY_MS), close: () => clearInterval(timer) }
}
