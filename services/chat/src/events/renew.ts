/** A fresh ticket before the old one's `until`: the same device, the same session family. */
import { ProtocolError, renewSchema } from '@brieftaube/protocol'
import type { ChatDeps } from '../deps.ts'
import { acceptTicket } from '../socket/accept-ticket.ts'
import type { Session } from '../socket/session.ts'

export async function renew(session: Session, payload: unknown, deps: ChatDeps): Promise<{ until: number }> {
  const { ticket } = renewSchema.parse(payload)
  const claims = await acceptTicket(ticket, deps)
  if (claims.sub !== session.account || claims.device !== session.device) {
    throw new ProtocolError('forbidden', 'The ticket is for another device.')
  }
  session.claims = claims
  return { until: claims.until }
}
