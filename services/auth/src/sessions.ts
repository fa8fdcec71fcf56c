/**
 * Sessions are refresh families. A token is 256 random bits, stored as a hash, good for one use; its successor derives
 * from it under a server key, so that a second use within the grace (two tabs) gets the same successor without anything
 * readable in the database. A later second use is forgiven as long as nobody has used the successor: the answer was lost,
 * or the browser died before it had written its cookie. It then gets another successor, and whoever presents the first
 * one (or uses any token again whose successor was used) shows a theft, which ends the family.
 */
import { randomBytes } from 'node:crypto'
import {
  concatBytes,
  decodeBase64Url,
  encodeBase64Url,
  encodeText,
  limits,
  refreshCookie,
  type AccountId,
  type Bytes,
  type DeviceId,
  type Revocation,
  type Session,
} from '@brieftaube/protocol'
import type { Queryable } from './database.ts'
import { touchDevice } from './device-store.ts'
import { insertRevocations } from './revocation-store.ts'
import { sha256, type Sealer } from './sealing.ts'
import {
  endSessionsOfDevices,
  findRefreshToken,
  insertRefreshToken,
  insertSession,
  lastEndOf,
  lockSessionOfToken,
  markUsed,
  whyRefused,
  type LiveSession,
} from './session-store.ts'
import type { TokenIssuer } from './token-issuer.ts'

export interface OpenedSession {
  readonly live: LiveSession
  /** 256 bits, base64url; for the cookie alone. */
  readonly refreshToken: string
  /** When earlier tokens of this device ended (ms). */
  readonly notBefore: number
  /** What opening it ended. */
  readonly ended: readonly Revocation[]
}

export interface SessionOwner {
  readonly account: AccountId
  readonly device: DeviceId
  readonly role: 'user' | 'admin'
}

/** Inside a transaction. A device has one session: an earlier one ends. */
export async function openSession(db: Queryable, owner: SessionOwner, now: number): Promise<OpenedSession> {
  const ended = await endSessions(db, owner.account, [owner.device], now)
  const id = randomBytes(16)
  const token = Uint8Array.from(randomBytes(32))
  await insertSession(db, { id, account: owner.account, device: owner.device, createdAt: now })
  const session = encodeBase64Url(id)
  await insertRefreshToken(db, tokenRow(token, session, now))
  const notBefore = await lastEndOf(db, owner.account, owner.device)
  return { live: { ...owner, id: session }, refreshToken: encodeBase64Url(token), notBefore, ended }
}

/** Inside a transaction: ends what these devices have open. */
export async function endSessions(
  db: Queryable,
  account: AccountId,
  devices: readonly DeviceId[],
  at: number,
): Promise<Revocation[]> {
  const ended = await endSessionsOfDevices(db, devices, at)
  return insertRevocations(
    db,
    ended.map((device) => ({ kind: 'session-ended', account, device, at })),
  )
}

export type Refreshed =
  | { readonly kind: 'refreshed'; readonly opened: OpenedSession }
  | { readonly kind: 'refused' }
  /** The device is gone for good. */
  | { readonly kind: 'revoked' }
  /** Until an administrator enables the account again. */
  | { readonly kind: 'disabled' }
  | { readonly kind: 'reused'; readonly ended: readonly Revocation[] }

export interface RefreshWish {
  /** The token as it came in the cookie, base64url. */
  readonly presented: string
  readonly now: number
  /** Whether this session may refresh at this moment; throwing leaves everything as it was. */
  readonly admit: (live: LiveSession) => Promise<void>
}

/** Inside a transaction, which must be committed whatever the outcome is. */
export async function refreshSession(db: Queryable, sealer: Sealer, wish: RefreshWish): Promise<Refreshed> {
  const { now } = wish
  const token = decodeBase64Url(wish.presented)
  const live = await lockSessionOfToken(db, sha256(token))
  if (live === undefined) {
    return { kind: (await whyRefused(db, sha256(token))) ?? 'refused' }
  }
  await wish.admit(live)
  const next = await nextToken({ db, sealer, live, now }, token)
  if (next === 'refused') return { kind: 'refused' }
  if (next === 'reused')
    return { kind: 'reused', ended: await endSessions(db, live.account, [live.device], now) }
  const notBefore = await lastEndOf(db, live.account, live.device)
  return { kind: 'refreshed', opened: { live, refreshToken: encodeBase64Url(next), notBefore, ended: [] } }
}

interface Turn {
  readonly db: Queryable
  readonly sealer: Sealer
  readonly live: LiveSession
  readonly now: number
}

async function nextToken(turn: Turn, presented: Bytes): Promise<Bytes | 'refused' | 'reused'> {
  const { db, sealer, now } = turn
  for (let token = presented; ;) {
    const row = await findRefreshToken(db, sha256(token))
    if (row === undefined || row.expiresAt <= now) return 'refused'
    // the end of a chain that was rotated a moment ago is handed out again as it is
    if (row.usedAt === undefined) return token === presented ? advance(turn, token, 0) : token
    const successor = successorOf(sealer, token, row.replaced)
    if (now - row.usedAt > limits.refreshGraceMs) {
      const next = await findRefreshToken(db, sha256(successor))
      if (next === undefined || next.usedAt !== undefined) return 'reused'
      // counts as used long ago: whoever has it after all shows a theft by using it
      await markUsed(db, sha256(successor), now - limits.refreshGraceMs - 1, 0)
      return advance(turn, token, row.replaced + 1)
    }
    token = successor
  }
}

async function advance(turn: Turn, token: Bytes, replaced: number): Promise<Bytes> {
  const { db, sealer, live, now } = turn
  const next = successorOf(sealer, token, replaced)
  await markUsed(db, sha256(token), now, replaced)
  await insertRefreshToken(db, tokenRow(next, live.id, now))
  await touchDevice(db, live.device, now)
  return next
}

function successorOf(sealer: Sealer, token: Bytes, replaced: number): Bytes {
  return sealer.mac('refresh', replaced === 0 ? token : concatBytes(token, encodeText(String(replaced))))
}

function tokenRow(token: Uint8Array, session: string, now: number) {
  return { hash: sha256(token), session, createdAt: now, expiresAt: now + limits.refreshTokenMs }
}

/** The answer to whoever opened or refreshed a session; the refresh token goes into the cookie only. */
export async function sessionReply(
  issuer: TokenIssuer,
  opened: OpenedSession,
  setHeader: (name: string, value: string) => void,
): Promise<Session> {
  const { account, device, role, id: session } = opened.live
  const { token, expiresAt } = await issuer.access({ account, device, role, session }, opened.notBefore)
  setHeader('set-cookie', cookieOf(opened.refreshToken, limits.refreshTokenMs))
  return { account, device, role, accessToken: token, expiresAt }
}

/** The header value that makes a browser forget the cookie. */
export const forgetCookie = cookieOf('', 0)

function cookieOf(value: string, maxAgeMs: number): string {
  return `${refreshCookie}=${value}; Path=/; Max-Age=${Math.floor(maxAgeMs / 1000)}; Secure; HttpOnly; SameSite=Strict`
}
