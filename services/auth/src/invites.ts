/** Invitation codes: 128 random bits in base64url, found by their hash, kept sealed for the administrator's list. */
import { randomBytes } from 'node:crypto'
import { encodeText, limits, type ReplyOf, type inviteCreate } from '@brieftaube/protocol'
import { hasAdmin } from './account-store.ts'
import type { AuthDeps } from './deps.ts'
import { deleteAdminInvites, insertInvite } from './invite-store.ts'
import { sha256 } from './sealing.ts'

type InviteReply = ReplyOf<typeof inviteCreate>

export function hashInvite(code: string): Uint8Array {
  return sha256(encodeText(`invite ${code}`))
}

export async function createInvite(
  { db, sealer, now }: Pick<AuthDeps, 'db' | 'sealer' | 'now'>,
  options: { role: 'user' | 'admin'; uses: number; expiresInMs: number },
): Promise<InviteReply> {
  const code = randomBytes(16).toString('base64url')
  const createdAt = now()
  const expiresAt = createdAt + options.expiresInMs
  await insertInvite(db.pool, {
    hash: hashInvite(code),
    sealedCode: sealer.seal('invite', code),
    role: options.role,
    usesLeft: options.uses,
    expiresAt,
    createdAt,
  })
  return { code, expiresAt, usesLeft: options.uses }
}

/** The one-time code that makes the first administrator; `undefined` once there is one. Earlier codes stop working. */
export async function createAdminInvite(
  deps: Pick<AuthDeps, 'db' | 'sealer' | 'now'>,
): Promise<string | undefined> {
  if (await hasAdmin(deps.db.pool)) return undefined
  await deleteAdminInvites(deps.db.pool)
  return (await createInvite(deps, { role: 'admin', uses: 1, expiresInMs: limits.inviteMs })).code
}
