import { ProtocolError, refreshCookie, type tokenRefresh as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { refreshSession, sessionReply } from '../sessions.ts'

/** 256 bits in base64url. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/

export const tokenRefresh: Handler<typeof route, AuthDeps> = async (
  { cookie, network, spend, setHeader },
  deps,
) => {
  await spend('restPerDevice', network)
  const token = cookie(refreshCookie)
  if (token === undefined || !tokenPattern.test(token)) throw refused()
  const outcome = await deps.db.transaction((db) => refreshSession(db, deps.sealer, token, deps.now()))
  switch (outcome.kind) {
    case 'refreshed':
      return sessionReply(deps.issuer, outcome.opened, setHeader)
    case 'reused':
      deps.revocations.announce(outcome.ended)
      deps.log.warn('refresh token used twice; its session was ended')
      throw refused()
    case 'refused':
      throw refused()
  }
}

function refused(): ProtocolError {
  return new ProtocolError('unauthenticated', 'The session is over.')
}
