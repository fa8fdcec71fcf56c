/** What ended before its time, in memory: fed from the revocation feed, asked at every verification of a token. */
import { limits, type AnyId, type Revocation } from '@brieftaube/protocol'
import type { AnyClaims } from './tokens.ts'

export interface RevocationSet {
  /** Rows in any order, also twice. */
  add(rows: readonly Revocation[]): void
  /** Whether a token with these claims is dead. */
  has(claims: AnyClaims): boolean
}

interface Ended {
  readonly at: number
  /** A revoked device stays dead; an ended session only kills what was issued before. */
  readonly forGood: boolean
}

/** How long after an end a token from before can still be unexpired. */
const memoryMs = 2 * limits.accessTokenMs

export function createRevocationSet(now: () => number = Date.now): RevocationSet {
  // apart: a device chooses its own id, which may be the id of somebody's account
  const accounts = new Map<AnyId, Ended>()
  const devices = new Map<AnyId, Ended>()
  let sweepAt = now() + memoryMs
  const add = (rows: readonly Revocation[]) => {
    for (const row of rows) {
      const [ended, subject] =
        row.device === undefined ? ([accounts, row.account] as const) : ([devices, row.device] as const)
      const before = ended.get(subject)
      const forGood = row.kind !== 'session-ended' || before?.forGood === true
      ended.set(subject, { at: Math.max(row.at, before?.at ?? 0), forGood })
    }
    if (now() < sweepAt) return
    sweepAt = now() + memoryMs
    for (const ended of [accounts, devices])
      for (const [subject, end] of ended) if (end.at + memoryMs < now()) ended.delete(subject)
  }
  const kills = (end: Ended | undefined, issuedAt: number) =>
    end !== undefined && (end.forGood || issuedAt < end.at)
  return {
    add,
    has: (claims) => {
      // a login without a device is ended by the account's own row (auth, account store), not by the end of sessions
      if (!('device' in claims)) return accounts.get(claims.sub)?.forGood === true
      const issuedAt = claims.iat * 1000
      return kills(accounts.get(claims.sub), issuedAt) || kills(devices.get(claims.device), issuedAt)
    },
  }
}
