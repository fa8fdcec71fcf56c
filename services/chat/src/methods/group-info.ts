import { encodeJoinPoint, type Bytes, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { accessConversation, noConversation } from '../conversations/access-conversation.ts'
import { loadGroup } from '../conversations/group-store.ts'
import { pendingNotices } from '../conversations/pending-notices.ts'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'

export const groupInfo: Handler<typeof chatRoutes.groupInfo, ChatDeps> = async ({ caller, params }, deps) => {
  const { conversation } = params
  // head and GroupInfo must be of the same moment
  return inTransaction(deps.pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only')
    const { head, chain } = await accessConversation(db, caller, { conversation, as: 'member' })
    const group = await loadGroup(db, conversation)
    if (group === undefined) throw noConversation()
    const groupInfo = group.groupInfo as Bytes
    const notices = pendingNotices(group.roster)
    return { bytes: encodeJoinPoint({ ...head, head: chain as Bytes, groupInfo, notices }) }
  })
}
