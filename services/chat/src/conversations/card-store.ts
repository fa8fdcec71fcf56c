/** Table `card`: what an account keeps about a conversation, sealed. */
import { encodeBase64Url, type AccountId, type ConversationId, type SealedCard } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'

/** Compare-and-set: `false` unless `version` is the stored one plus one (the first is 1). */
export async function putCard(
  db: Queryable,
  account: AccountId,
  card: { conversation: ConversationId; version: number; card: Uint8Array; at: number },
): Promise<boolean> {
  const values = [toUuid(account), toUuid(card.conversation), card.version, card.card, card.at]
  const text =
    card.version === 1
      ? `insert into card (account, conversation, version, card, changed_at) values ($1, $2, $3, $4, $5) on conflict do nothing`
      : `update card set version = $3, card = $4, changed_at = $5 where account = $1 and conversation = $2 and version = $3 - 1`
  const { rowCount } = await db.query(text, values)
  return rowCount === 1
}

export async function cardsSince(db: Queryable, account: AccountId, since: number): Promise<SealedCard[]> {
  const { rows } = await db.query<{ conversation: string; version: number; card: Buffer }>({
    name: 'cards-since',
    text: 'select conversation, version, card from card where account = $1 and changed_at >= $2',
    values: [toUuid(account), since],
  })
  return rows.map((row) => ({
    conversation: fromUuid<ConversationId>(row.conversation),
    version: row.version,
    card: encodeBase64Url(row.card),
  }))
}
