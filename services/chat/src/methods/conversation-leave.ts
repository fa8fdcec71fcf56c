import { decodeNotice } from '@brieftaube/group-policy'
import { decodeBase64Url, ProtocolError, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { accessConversation } from '../conversations/access-conversation.ts'
import { appendNotice } from '../conversations/append-notice.ts'
import { asMalformed } from '../conversations/check-bundle.ts'
import type { ChatDeps } from '../deps.ts'

export const conversationLeave: Handler<typeof chatRoutes.conversationLeave, ChatDeps> = async (
  { body, caller, params },
  deps,
) => {
  const { conversation } = params
  const { head } = await accessConversation(deps.pool, caller, { conversation, as: 'member' })
  const notice = asMalformed(() => decodeNotice(decodeBase64Url(body.statement)))
  if (notice.kind !== 'leave' || notice.account !== caller.account) {
    throw new ProtocolError('forbidden', 'The statement is not the caller’s wish to leave.')
  }
  const outcome = await appendNotice(deps, conversation, notice)
  if (outcome.kind !== 'refused') return
  if (outcome.reason === 'out-of-date' || outcome.reason === 'other-conversation') {
    throw new ProtocolError('stale-epoch', 'The statement is for another state of the group.', { head })
  }
  throw new ProtocolError('forbidden', 'The statement is not signed by the account.')
}
