import { limits, ProtocolError, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { cardsSince } from '../conversations/card-store.ts'
import { countsOf, goneConversations, movedHeads, receiptsSince } from '../conversations/sync-store.ts'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import { countKeyPackages } from '../key-packages/key-package-store.ts'

/** Rows carry the time of their making, not of their commit: the next request looks back this far. */
const LOOK_BACK_MS = 10_000

export const sync: Handler<typeof chatRoutes.sync, ChatDeps> = async ({ body, caller }, deps) => {
  const { since, cursors } = body
  if (cursors.length > 2 * limits.conversationsPerAccount)
    throw new ProtocolError('too-large', 'Too many cursors.')
  const { account, device } = caller
  const now = Math.max(0, Date.now() - LOOK_BACK_MS)
  await deps.receipts.flush()
  return inTransaction(deps.pool, async (db) => {
    // one connection per request, so that many devices coming back at once do not take turns for single statements
    const conversations = await movedHeads(db, { account, device, cursors })
    const gone = cursors.length === 0 ? [] : await goneConversations(db, account, cursors)
    const cards = await cardsSince(db, account, since)
    const receipts = await receiptsSince(db, account, since)
    const keyPackages = await countKeyPackages(db, device)
    return {
      log: deps.incarnation,
      now,
      conversations,
      gone,
      cards,
      receipts,
      keyPackages,
      ...(await countsOf(db, { account, device })),
    }
  })
}
