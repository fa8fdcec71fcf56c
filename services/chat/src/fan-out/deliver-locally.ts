/** To the sessions of this process: framed once, the same bytes for all. */
import { frameOf } from '../socket/frame.ts'
import type { Session } from '../socket/session.ts'
import type { Sessions } from '../socket/sessions.ts'
import type { Delivery } from './delivery.ts'

/** `except`: the session that has its own answer already. */
export function deliverLocally(sessions: Sessions, delivery: Delivery, except?: Session): void {
  let frame = delivery.frame
  for (const account of delivery.accounts) {
    for (const session of sessions.ofAccount(account)) {
      if (session === except) continue
      if (delivery.device !== undefined && session.device !== delivery.device) continue
      frame ??= frameOf(delivery.packet)
      send(session, delivery, frame)
    }
  }
}

function send(session: Session, { kind, about }: Delivery, frame: Buffer): void {
  switch (kind) {
    case 'entry':
      if (about !== undefined) session.sendEntry(frame, about)
      return
    case 'event':
      session.send(frame)
      return
    case 'hint':
      session.sendHint(frame)
      return
    case 'on-screen':
      if (session.openConversation === about?.conversation) session.sendHint(frame)
      return
  }
}
