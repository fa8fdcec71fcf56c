import type { AccountId, ConversationId } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'

interface HeadRow {
  account: string
  conversation: string
  generation: number
  seq: number
}

/** Where the logs of the accounts' conversations stand. */
export async function headsOfAccounts(db: Queryable, accounts: readonly AccountId[]) {
  const { rows } = await db.query<HeadRow>({
    name: 'heads-of-accounts',
    text: `select m.account, h.conversation, h.generation, h.seq from membership m join head h on h.conversation = m.conversation
      where m.account = any ($1::uuid[]) and m.until_seq is null`,
    values: [accounts.map(toUuid)],
  })
  return rows.map(({ account, conversation, generation, seq }) => ({
    account: fromUuid<AccountId>(account),
    head: { conversation: fromUuid<ConversationId>(conversation), generation, seq },
  }))
}
