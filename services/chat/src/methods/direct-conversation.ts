import { compareIds } from '@brieftaube/group-policy'
import type { chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { findDirect } from '../conversations/conversation-store.ts'
import type { ChatDeps } from '../deps.ts'

export const directConversation: Handler<typeof chatRoutes.directConversation, ChatDeps> = async (
  { caller, params },
  deps,
) => {
  const own = caller.account
  const other = params.account
  const [low, high] = compareIds(own, other) < 0 ? [own, other] : [other, own]
  const conversation = await findDirect(deps.pool, low, high)
  return conversation === undefined ? {} : { conversation }
}
