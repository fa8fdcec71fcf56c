/** What ended before its time, in memory: fed from the revocation feed, asked at every verification of a token. */
import { limits, type AccountId, type DeviceId, type Revocation } from '@brieftaube/protocol'
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
  const ended = new Map<AccountId | DeviceId, Ended>()
  let sweepAt = now() + memoryMs
  const add = (rows: readonly Revocation[]) => {
    for (const row of rows) {
      const subject = row.device ?? row.account
      const before = ended.get(subject)
      const forGood = row.kind !== 'session-ended' || before?.forGood === true
      ended.set(subject, { at: Math.max(row.at, before?.at ?? 0), forGood })
    }
    if (now() < sweepAt) return
    sweepAt = now() + memoryMs
    for (const [subject, end] of ended) if (end.at + memoryMs < now()) ended.delete(subject)
  }
  const kills = (subject: AccountId | DeviceId, issuedAt: number) => {
    const end = ended.get(subject)
    return end !== undefined && (end.forGood || issuedAt < end.at)
  }
  return {
    add,
    has: (claims) => {
      // a login without a device is ended by the account's own row (auth, account store), not by the end of sessions
      if (!('device' in claims)) return ended.get(claims.sub)?.forGood === true
      return kills(claims.sub, claims.iat * 1000) || kills(claims.device, claims.iat * 1000)
    },
  }
}
