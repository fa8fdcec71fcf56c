/** What an account missed, in a handful of statements however many conversations it has. */
import type { AccountId, ConversationHead, ConversationId, DeviceId, Receipt } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'

export interface Cursor {
  readonly conversation: ConversationId
  readonly generation: number
  readonly seq: number
}

interface HeadRow {
  conversation: string
  kind: number
  generation: number
  epoch: number
  seq: number
  from_seq: number
  joined: boolean
  suite: number
}

/** Open memberships beyond their cursors, in another generation, without a cursor or without this device's leaf. */
export async function movedHeads(
  db: Queryable,
  { account, device, cursors }: { account: AccountId; device: DeviceId; cursors: readonly Cursor[] },
): Promise<ConversationHead[]> {
  const { rows } = await db.query<HeadRow>({
    name: 'moved-heads',
    text: `select m.conversation, c.kind, h.generation, h.epoch, h.seq, m.from_seq, l.device is not null as joined, c.suite
      from membership m
      join head h on h.conversation = m.conversation
      join conversation c on c.id = m.conversation
      left join leaf l on l.device = $2 and l.conversation = m.conversation
      left join unnest($3::uuid[], $4::int4[], $5::int8[]) as k(conversation, generation, seq) on k.conversation = m.conversation
      where m.account = $1 and m.until_seq is null
        and (k.conversation is null or k.generation <> h.generation or k.seq <> h.seq or l.device is null)`,
    values: [toUuid(account), toUuid(device), ...columns(cursors)],
  })
  return rows.map((row) => ({
    conversation: fromUuid<ConversationId>(row.conversation),
    kind: row.kind === 0 ? 'direct' : 'group',
    generation: row.generation,
    epoch: row.epoch,
    seq: row.seq,
    fromSeq: row.from_seq,
    joined: row.joined,
    suite: row.suite,
  }))
}

function columns(cursors: readonly Cursor[]): [string[], number[], number[]] {
  return [
    cursors.map((each) => toUuid(each.conversation)),
    // a generation that no column can hold differs from every stored one all the same
    cursors.map((each) => Math.min(each.generation, 2 ** 31 - 1)),
    cursors.map((each) => each.seq),
  ]
}

/** Of these, the ones the account is not in any more, or never was. */
export async function goneConversations(
  db: Queryable,
  account: AccountId,
  cursors: readonly Cursor[],
): Promise<ConversationId[]> {
  const { rows } = await db.query<{ conversation: string }>({
    name: 'gone-conversations',
    text: `select k.conversation from unnest($2::uuid[]) as k(conversation)
      where not exists (select from membership m where m.account = $1 and m.conversation = k.conversation and m.until_seq is null)`,
    values: [toUuid(account), cursors.map((each) => toUuid(each.conversation))],
  })
  return rows.map((row) => fromUuid<ConversationId>(row.conversation))
}

interface ReceiptRow {
  conversation: string
  account: string
  delivered: number
  read: number
}

export async function receiptsSince(db: Queryable, account: AccountId, since: number): Promise<Receipt[]> {
  const { rows } = await db.query<ReceiptRow>({
    name: 'receipts-since',
    text: `select r.conversation, r.account, r.delivered, r.read from membership m
      join receipt r on r.conversation = m.conversation
      where m.account = $1 and m.until_seq is null and r.changed_at >= $2`,
    values: [toUuid(account), since],
  })
  return rows.map((row) => ({
    ...row,
    conversation: fromUuid<ConversationId>(row.conversation),
    account: fromUuid<AccountId>(row.account),
  }))
}

export async function countsOf(
  db: Queryable,
  { account, device }: { account: AccountId; device: DeviceId },
): Promise<{ welcomes: number; contactsVersion: number }> {
  const { rows } = await db.query<{ welcomes: number; contacts_version: number }>({
    name: 'counts-of',
    text: `select (select count(*) from welcome w join leaf l on l.device = w.device and l.conversation = w.conversation where w.device = $2) as welcomes,
      coalesce((select version from contact_version where account = $1), 0) as contacts_version`,
    values: [toUuid(account), toUuid(device)],
  })
  return { welcomes: rows[0]?.welcomes ?? 0, contactsVersion: rows[0]?.contacts_version ?? 0 }
}
