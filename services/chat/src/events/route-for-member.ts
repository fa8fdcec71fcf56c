import type { ConversationId } from '@brieftaube/protocol'
import { noConversation } from '../conversations/access-conversation.ts'
import type { Route } from '../conversations/route.ts'
import type { ChatDeps } from '../deps.ts'
import type { Session } from '../socket/session.ts'

/** The door for what a socket says about a conversation without reading or writing its log. Throws `not-found`. */
export async function routeForMember(
  session: Session,
  conversation: ConversationId,
  deps: ChatDeps,
): Promise<Route> {
  const route = deps.routes.peek(conversation) ?? (await deps.routes.get(conversation))
  if (route?.members.has(session.account) !== true) throw noConversation()
  return route
}
