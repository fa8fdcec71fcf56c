import { decodeGroupCreation, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { announceCommit } from '../conversations/append-commit.ts'
import { checkFounding, foundedBefore, writeConversation } from '../conversations/found-group.ts'
import { loadGroup } from '../conversations/group-store.ts'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import { lockHead } from '../log/entry-store.ts'

export const conversationCreate: Handler<typeof chatRoutes.conversationCreate, ChatDeps> = async (
  { bytes, caller },
  deps,
) => {
  const creation = decodeGroupCreation(bytes)
  const founding = checkFounding(creation, caller, 0)
  return deps.lanes.of(creation.conversation).run(async () => {
    const outcome = await inTransaction(deps.pool, async (db) => {
      const head = await lockHead(db, creation.conversation)
      const group = head && (await loadGroup(db, creation.conversation))
      if (head !== undefined && group !== undefined) {
        return {
          committed: await foundedBefore(db, caller, founding, { head, groupInfo: group.groupInfo }),
          founded: undefined,
        }
      }
      const founded = await writeConversation(db, caller, founding)
      return { committed: founded.committed, founded }
    })
    if (outcome.founded?.written !== undefined) announceCommit(deps, outcome.founded.written)
    return outcome.committed
  })
}
