import { ProtocolError, refreshCookie, type DeviceId, type tokenRefresh as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { refreshSession, sessionReply } from '../sessions.ts'

/** 256 bits in base64url. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/

/**
 * A known session pays by its device: many devices behind one address come back at once after a restart. Who presents
 * unknown tokens pays by network.
 */
export const tokenRefresh: Handler<typeof route, AuthDeps> = async (
  { cookie, network, spend, setHeader },
  deps,
) => {
  const presented = cookie(refreshCookie)
  if (presented === undefined || !tokenPattern.test(presented)) throw refused()
  const admit = ({ device }: { device: DeviceId }) => spend('restPerDevice', device)
  const wish = { presented, now: deps.now(), admit }
  const outcome = await deps.db.transaction((db) => refreshSession(db, deps.sealer, wish))
  switch (outcome.kind) {
    case 'refreshed':
      return sessionReply(deps.issuer, outcome.opened, setHeader)
    case 'reused':
      deps.revocations.announce(outcome.ended)
      deps.log.warn('refresh token used twice; its session was ended')
      throw refused()
    case 'revoked':
      await spend('restPerDevice', network)
      throw new ProtocolError('device-revoked', 'This device was revoked.')
    case 'disabled':
      await spend('restPerDevice', network)
      throw new ProtocolError('account-disabled', 'This account was disabled.')
    case 'refused':
      await spend('restPerDevice', network)
      throw refused()
  }
}

function refused(): ProtocolError {
  return new ProtocolError('unauthenticated', 'The session is over.')
}
