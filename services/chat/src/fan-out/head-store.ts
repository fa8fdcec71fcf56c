/** What stands in the database for many accounts at once, to find what they were not told. */
import type { AccountId, ConversationId, DeviceId, Receipt } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import type { HeadHint } from '../socket/session.ts'
import { fromUuid, toUuid } from '../uuid.ts'

interface HeadRow {
  account: string
  conversation: string
  generation: number
  seq: number
}

export interface AccountHead {
  readonly account: AccountId
  readonly head: HeadHint
}

/** Where the logs of the accounts' conversations stand. */
export async function headsOfAccounts(db: Queryable, accounts: readonly AccountId[]): Promise<AccountHead[]> {
  const { rows } = await db.query<HeadRow>({
    name: 'heads-of-accounts',
    text: `select m.account, h.conversation, h.generation, h.seq from membership m join head h on h.conversation = m.conversation
      where m.account = any ($1::uuid[]) and m.until_seq is null`,
    values: [accounts.map(toUuid)],
  })
  return rows.map(toHead)
}

/** Where the account's last membership of each ended. */
export async function endsOfMemberships(
  db: Queryable,
  account: AccountId,
  conversations: readonly ConversationId[],
): Promise<HeadHint[]> {
  const { rows } = await db.query<HeadRow>({
    name: 'ends-of-memberships',
    text: `select m.account, h.conversation, h.generation, max(m.until_seq) as seq
      from membership m join head h on h.conversation = m.conversation
      where m.account = $1 and m.conversation = any ($2::uuid[]) and m.until_seq is not null
      group by m.account, h.conversation, h.generation`,
    values: [toUuid(account), conversations.map(toUuid)],
  })
  return rows.map((row) => toHead(row).head)
}

function toHead({ account, conversation, generation, seq }: HeadRow): AccountHead {
  return {
    account: fromUuid<AccountId>(account),
    head: { conversation: fromUuid<ConversationId>(conversation), generation, seq },
  }
}

export async function contactVersions(
  db: Queryable,
  accounts: readonly AccountId[],
): Promise<Map<AccountId, number>> {
  const { rows } = await db.query<{ account: string; version: number }>({
    name: 'contact-versions',
    text: 'select account, version from contact_version where account = any ($1::uuid[])',
    values: [accounts.map(toUuid)],
  })
  return new Map(rows.map(({ account, version }) => [fromUuid<AccountId>(account), version]))
}

/** The time of the youngest Welcome that waits for each device. */
export async function waitingWelcomes(
  db: Queryable,
  devices: readonly DeviceId[],
): Promise<Map<DeviceId, number>> {
  const { rows } = await db.query<{ device: string; at: number }>({
    name: 'waiting-welcomes',
    text: `select w.device, max(w.at) as at from welcome w join leaf l on l.device = w.device and l.conversation = w.conversation
      where w.device = any ($1::uuid[]) group by w.device`,
    values: [devices.map(toUuid)],
  })
  return new Map(rows.map(({ device, at }) => [fromUuid<DeviceId>(device), at]))
}

interface ReceiptRow {
  member: string
  conversation: string
  account: string
  delivered: number
  read: number
}

/** What rose since then in the conversations of each account. */
export async function receiptsOfAccounts(
  db: Queryable,
  accounts: readonly AccountId[],
  since: number,
): Promise<Map<AccountId, Receipt[]>> {
  const { rows } = await db.query<ReceiptRow>({
    name: 'receipts-of-accounts',
    text: `select m.account as member, r.conversation, r.account, r.delivered, r.read
      from membership m join receipt r on r.conversation = m.conversation
      where m.account = any ($1::uuid[]) and m.until_seq is null and r.changed_at >= $2`,
    values: [accounts.map(toUuid), since],
  })
  const byMember = new Map<AccountId, Receipt[]>()
  for (const { member, conversation, account, delivered, read } of rows) {
    const receipts = byMember.get(fromUuid<AccountId>(member)) ?? []
    receipts.push({ conversation: fromUuid(conversation), account: fromUuid(account), delivered, read })
    byMember.set(fromUuid<AccountId>(member), receipts)
  }
  return byMember
}

export interface ChangedCard {
  readonly account: AccountId
  readonly conversation: ConversationId
  readonly version: number
}

export async function cardsOfAccounts(
  db: Queryable,
  accounts: readonly AccountId[],
  since: number,
): Promise<ChangedCard[]> {
  const { rows } = await db.query<{ account: string; conversation: string; version: number }>({
    name: 'cards-of-accounts',
    text: 'select account, conversation, version from card where account = any ($1::uuid[]) and changed_at >= $2',
    values: [accounts.map(toUuid), since],
  })
  return rows.map(({ account, conversation, version }) => ({
    account: fromUuid(account),
    conversation: fromUuid(conversation),
    version,
  }))
}
