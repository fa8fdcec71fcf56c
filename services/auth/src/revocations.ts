/**
 * What ended: written with the change that ended it, told to the other processes by a hint, and kept in memory so that
 * the tokens die here at once.
 */
import { revocationsHint, limits, type Revocation } from '@brieftaube/protocol'
import { createRevocationSet, type Cache, type Log, type RevocationSet } from '@brieftaube/service-kit'
import type { Database } from './database.ts'
import { lastRevocationBefore, listRevocations } from './revocation-store.ts'

export interface Revocations {
  readonly set: RevocationSet
  /** After the commit of the transaction that wrote the rows. */
  announce(rows: readonly Revocation[]): void
  /** A page of the feed, ascending. */
  after(id: number): Promise<Revocation[]>
  close(): Promise<void>
}

export async function startRevocations(parts: {
  db: Database
  cache: Cache
  log: Log
  now: () => number
}): Promise<Revocations> {
  const { db, cache, log, now } = parts
  const set = createRevocationSet(now)
  // tokens from before the last rows that matter are expired
  let cursor = await lastRevocationBefore(db.pool, now() - 2 * limits.accessTokenMs)
  const pull = async () => {
    for (let rows = await listRevocations(db.pool, cursor); rows.length > 0;) {
      set.add(rows)
      cursor = Math.max(cursor, ...rows.map((row) => row.id))
      rows = await listRevocations(db.pool, cursor)
    }
  }
  await pull()
  let pulling: Promise<void> | undefined
  const pullOnce = () => {
    pulling ??= pull()
      .catch((error: unknown) => log.warn('revocations not read', { error }))
      .finally(() => (pulling = undefined))
  }
  const timer = setInterval(pullOnce, limits.revocationPollMs)
  timer.unref()
  return {
    set,
    announce: (rows) => {
      if (rows.length === 0) return
      set.add(rows)
      cache.publish(revocationsHint, new Uint8Array(0)).catch((error: unknown) => {
        log.warn('revocation hint not sent', { error })
      })
    },
    after: (id) => listRevocations(db.pool, id),
    close: async () => {
      clearInterval(timer)
      await pulling
    },
  }
}
