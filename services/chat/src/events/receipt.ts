/** The account's own cursors in a conversation; latest wins. */
import { receiptEventSchema } from '@brieftaube/protocol'
import type { ChatDeps } from '../deps.ts'
import type { Session } from '../socket/session.ts'
import { routeForMember } from './route-for-member.ts'

export async function receipt(session: Session, payload: unknown, deps: ChatDeps): Promise<void> {
  const { conversation, delivered = 0, read = 0 } = receiptEventSchema.parse(payload)
  const route = await routeForMember(session, conversation, deps)
  deps.receipts.note(
    { conversation, account: session.account, delivered: Math.max(delivered, read), read },
    route,
  )
}
