import { ProtocolError, type socketTicket as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { isSessionLive, lastEndOf } from '../session-store.ts'

export const socketTicket: Handler<typeof route, AuthDeps> = async ({ caller }, { db, issuer }) => {
  const { account, device, session } = caller
  if (!(await isSessionLive(db.pool, session)))
    throw new ProtocolError('unauthenticated', 'The session is over.')
  const { token, expiresAt } = await issuer.ticket(
    { account, device, session },
    await lastEndOf(db.pool, account, device),
  )
  return { ticket: token, expiresAt }
}
