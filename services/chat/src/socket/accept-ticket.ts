/** A ticket opens or renews one socket, once. */
import { limits, ProtocolError, type TicketClaims } from '@brieftaube/protocol'
import type { Cache, TokenVerifier } from '@brieftaube/service-kit'

/** Throws `unauthenticated`, or `unavailable` while nobody can tell whether it was used. */
export async function acceptTicket(
  ticket: string,
  deps: { readonly tokens: TokenVerifier; readonly cache: Cache },
): Promise<TicketClaims> {
  const claims = await deps.tokens.ticket(ticket)
  if (claims.until <= Date.now()) throw new ProtocolError('unauthenticated', 'The ticket has ended.')
  const isFirstUse = await deps.cache.putIfAbsent(`ticket:${claims.jti}`, '1', 2 * limits.socketTicketMs)
  if (!isFirstUse) throw new ProtocolError('unauthenticated', 'The ticket was used before.')
  return claims
}
