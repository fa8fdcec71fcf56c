/** Tables `session` and `refresh_token`. */
import { encodeBase64Url, idFromBytes, idToBytes, type AccountId, type DeviceId } from '@brieftaube/protocol'
import type { Queryable } from './database.ts'

export interface LiveSession {
  /** 16 bytes, base64url. */
  readonly id: string
  readonly account: AccountId
  readonly device: DeviceId
  readonly role: 'user' | 'admin'
}

export interface RefreshToken {
  readonly expiresAt: number
  readonly usedAt: number | undefined
  /** How many successors of it were replaced because nobody had used them. */
  readonly replaced: number
}

export async function insertSession(
  db: Queryable,
  session: { id: Uint8Array; account: AccountId; device: DeviceId; createdAt: number },
): Promise<void> {
  await db.query('insert into session (id, account, device, created_at) values ($1, $2, $3, $4)', [
    Buffer.from(session.id),
    Buffer.from(idToBytes(session.account)),
    Buffer.from(idToBytes(session.device)),
    session.createdAt,
  ])
}

/** `session`: base64url. */
export async function insertRefreshToken(
  db: Queryable,
  token: { hash: Uint8Array; session: string; createdAt: number; expiresAt: number },
): Promise<void> {
  await db.query(
    'insert into refresh_token (hash, session, created_at, expires_at) values ($1, $2, $3, $4)',
    [Buffer.from(token.hash), Buffer.from(token.session, 'base64url'), token.createdAt, token.expiresAt],
  )
}

/** The family of a refresh token, locked until the transaction ends, if it and its device are still good. */
export async function lockSessionOfToken(db: Queryable, hash: Uint8Array): Promise<LiveSession | undefined> {
  const { rows } = await db.query<SessionRow>(
    `select s.id, s.account, s.device, a.role
     from refresh_token t
     join session s on s.id = t.session
     join device d on d.id = s.device
     join account a on a.id = s.account
     where t.hash = $1 and s.ended_at is null and d.revoked_at is null and a.disabled_at is null
     for no key update of s`,
    [Buffer.from(hash)],
  )
  return rows[0] === undefined ? undefined : toLiveSession(rows[0])
}

/** Why a token that was once good is not any more: its device was revoked, or its account disabled. */
export async function whyRefused(
  db: Queryable,
  hash: Uint8Array,
): Promise<'revoked' | 'disabled' | undefined> {
  const { rows } = await db.query<{ revoked: boolean }>(
    `select d.revoked_at is not null as revoked
     from refresh_token t
     join session s on s.id = t.session
     join device d on d.id = s.device
     join account a on a.id = s.account
     where t.hash = $1 and (d.revoked_at is not null or a.disabled_at is not null)`,
    [Buffer.from(hash)],
  )
  const [row] = rows
  return row === undefined ? undefined : row.revoked ? 'revoked' : 'disabled'
}

interface SessionRow {
  id: Buffer
  account: Buffer
  device: Buffer
  role: 'user' | 'admin'
}

function toLiveSession(row: SessionRow): LiveSession {
  return {
    id: encodeBase64Url(row.id),
    account: idFromBytes<AccountId>(row.account),
    device: idFromBytes<DeviceId>(row.device),
    role: row.role,
  }
}

/** By its id (base64url). */
export async function isSessionLive(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from session where id = $1 and ended_at is null', [
    Buffer.from(id, 'base64url'),
  ])
  return rowCount === 1
}

/** Reads under the lock of `lockSessionOfToken`: what another refresh has just written is seen. */
export async function findRefreshToken(db: Queryable, hash: Uint8Array): Promise<RefreshToken | undefined> {
  const { rows } = await db.query<{ expires_at: number; used_at: number | null; replaced: number }>(
    'select expires_at, used_at, replaced from refresh_token where hash = $1',
    [Buffer.from(hash)],
  )
  return rows[0] === undefined
    ? undefined
    : {
        expiresAt: rows[0].expires_at,
        usedAt: rows[0].used_at ?? undefined,
        replaced: rows[0].replaced,
      }
}

export async function markUsed(db: Queryable, hash: Uint8Array, at: number, replaced: number): Promise<void> {
  await db.query('update refresh_token set used_at = $2, replaced = $3 where hash = $1', [
    Buffer.from(hash),
    at,
    replaced,
  ])
}

/** Ends the live sessions of these devices and names the devices that had one. */
export async function endSessionsOfDevices(
  db: Queryable,
  devices: readonly DeviceId[],
  at: number,
): Promise<DeviceId[]> {
  const { rows } = await db.query<{ device: Buffer }>(
    'update session set ended_at = $2 where device = any($1::bytea[]) and ended_at is null returning device',
    [devices.map((device) => Buffer.from(idToBytes(device))), at],
  )
  return [...new Set(rows.map((row) => idFromBytes<DeviceId>(row.device)))]
}

/** When the last session of the device or the whole account ended (ms); 0: never. */
export async function lastEndOf(db: Queryable, account: AccountId, device: DeviceId): Promise<number> {
  const { rows } = await db.query<{ at: number }>(
    `select coalesce(max(at), 0) as at from revocation
     where account = $1 and (device is null or device = $2) and kind = 'session-ended'`,
    [Buffer.from(idToBytes(account)), Buffer.from(idToBytes(device))],
  )
  return rows[0]?.at ?? 0
}

/** Forgets what can no longer be presented with any effect. A session's newest used token may be all that a device has. */
export async function sweepSessions(db: Queryable, now: number): Promise<void> {
  const week = 7 * 86_400_000
  await db.query(
    `delete from refresh_token t
     where expires_at < $1 or used_at < $2 and exists (
       select from refresh_token newer where newer.session = t.session and newer.used_at > t.used_at
     )`,
    [now, now - week],
  )
  await db.query('delete from session where ended_at < $1', [now - week])
}
