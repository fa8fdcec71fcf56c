/** Table `invite`. */
import type { Queryable } from './database.ts'

export interface Invite {
  readonly sealedCode: string
  readonly usesLeft: number
  readonly expiresAt: number
}

export type NewInvite = Invite & {
  readonly hash: Uint8Array
  readonly role: 'user' | 'admin'
  readonly createdAt: number
}

export async function insertInvite(db: Queryable, invite: NewInvite): Promise<void> {
  await db.query(
    'insert into invite (hash, sealed_code, role, uses_left, expires_at, created_at) values ($1, $2, $3, $4, $5, $6)',
    [
      Buffer.from(invite.hash),
      Buffer.from(invite.sealedCode, 'base64url'),
      invite.role,
      invite.usesLeft,
      invite.expiresAt,
      invite.createdAt,
    ],
  )
}

export async function isInviteGood(db: Queryable, hash: Uint8Array, now: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'select 1 from invite where hash = $1 and uses_left > 0 and expires_at > $2',
    [Buffer.from(hash), now],
  )
  return rowCount === 1
}

/** Takes one use; answers with the role that it gives, or `undefined` if the invite no longer works. */
export async function spendInvite(
  db: Queryable,
  hash: Uint8Array,
  now: number,
): Promise<'user' | 'admin' | undefined> {
  const { rows } = await db.query<{ role: 'user' | 'admin' }>(
    'update invite set uses_left = uses_left - 1 where hash = $1 and uses_left > 0 and expires_at > $2 returning role',
    [Buffer.from(hash), now],
  )
  return rows[0]?.role
}

/** Those for ordinary accounts that still work, newest first. */
export async function listInvites(db: Queryable, now: number): Promise<Invite[]> {
  const { rows } = await db.query<{ sealed_code: Buffer; uses_left: number; expires_at: number }>(
    `select sealed_code, uses_left, expires_at from invite
     where uses_left > 0 and expires_at > $1 and role = 'user' order by created_at desc limit 1000`,
    [now],
  )
  return rows.map((row) => ({
    sealedCode: row.sealed_code.toString('base64url'),
    usesLeft: row.uses_left,
    expiresAt: row.expires_at,
  }))
}

export async function deleteInvite(db: Queryable, hash: Uint8Array): Promise<boolean> {
  const { rowCount } = await db.query(`delete from invite where hash = $1 and role = 'user'`, [
    Buffer.from(hash),
  ])
  return rowCount === 1
}

export async function deleteAdminInvites(db: Queryable): Promise<void> {
  await db.query(`delete from invite where role = 'admin'`)
}

export async function sweepInvites(db: Queryable, now: number): Promise<void> {
  await db.query('delete from invite where expires_at < $1 or uses_left = 0', [now])
}
