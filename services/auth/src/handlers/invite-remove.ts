import { ProtocolError, type inviteRemove as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { deleteInvite } from '../invite-store.ts'
import { hashInvite } from '../invites.ts'

export const inviteRemove: Handler<typeof route, AuthDeps> = async ({ params }, { db }) => {
  if (!(await deleteInvite(db.pool, hashInvite(params.code)))) {
    throw new ProtocolError('not-found', 'There is no such invitation.')
  }
}
