/** A ticket opens or renews one socket, once. */
import { ProtocolError, type TicketClaims } from '@brieftaube/protocol'
import type { TokenVerifier } from '@brieftaube/service-kit'
import type { UsedTickets } from './used-tickets.ts'

/** Throws `unauthenticated`. */
export async function acceptTicket(
  ticket: string,
  deps: { readonly tokens: TokenVerifier; readonly usedTickets: UsedTickets },
): Promise<TicketClaims> {
  const claims = await deps.tokens.ticket(ticket)
  if (claims.until <= Date.now()) throw new ProtocolError('unauthenticated', 'The ticket has ended.')
  if (!(await deps.usedTickets.use(claims.jti)))
    throw new ProtocolError('unauthenticated', 'The ticket was used before.')
  return claims
}
