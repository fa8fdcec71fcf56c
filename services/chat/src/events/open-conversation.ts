/** Which conversation is on this device's screen. */
import { openConversationSchema } from '@brieftaube/protocol'
import type { ChatDeps } from '../deps.ts'
import type { Session } from '../socket/session.ts'
import { routeForMember } from './route-for-member.ts'

export async function openConversation(session: Session, payload: unknown, deps: ChatDeps): Promise<void> {
  const { conversation } = openConversationSchema.parse(payload)
  session.openConversation = undefined
  if (conversation === null) return
  await routeForMember(session, conversation, deps)
  session.openConversation = conversation
}
