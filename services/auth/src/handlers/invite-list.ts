import type { inviteList as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { listInvites } from '../invite-store.ts'

/** Codes that were sealed under an earlier key cannot be shown any more and are left out. */
export const inviteList: Handler<typeof route, AuthDeps> = async (_call, { db, sealer, now }) => {
  const invites = await listInvites(db.pool, now())
  return {
    invites: invites.flatMap(({ sealedCode, usesLeft, expiresAt }) => {
      const code = sealer.open('invite', sealedCode)
      return code === undefined ? [] : [{ code, usesLeft, expiresAt }]
    }),
  }
}
