import { decodeCommitBundle, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { accessConversation } from '../conversations/access-conversation.ts'
import { appendCommit } from '../conversations/append-commit.ts'
import { checkBundle } from '../conversations/check-bundle.ts'
import type { ChatDeps } from '../deps.ts'

export const commitAppend: Handler<typeof chatRoutes.commitAppend, ChatDeps> = async (
  { bytes, caller, params },
  deps,
) => {
  const { conversation } = params
  const bundle = decodeCommitBundle(bytes)
  await accessConversation(deps.pool, caller, { conversation, as: 'member' })
  return appendCommit(deps, { caller, conversation, checked: checkBundle(conversation, bundle) })
}
