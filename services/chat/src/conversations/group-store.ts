/** What a commit changes besides the log: roster, GroupInfo, memberships, leaves and Welcomes. */
import {
  accountsOf,
  decodeRoster,
  encodeRoster,
  seatedLeaves,
  suiteFacts,
  type Roster,
} from '@brieftaube/group-policy'
import type { AccountId, ConversationId, DeviceId } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'
import { pairIsFree } from './conversation-store.ts'

export const kindNumbers = { direct: 0, group: 1 } as const

export async function insertConversation(
  db: Queryable,
  parts: { conversation: ConversationId; roster: Roster; groupInfo: Uint8Array; at: number },
): Promise<void> {
  const { conversation, roster, groupInfo, at } = parts
  await db.query(
    'insert into conversation (id, kind, suite, roster, group_info, created_at) values ($1, $2, $3, $4, $5, $6)',
    [
      toUuid(conversation),
      kindNumbers[roster.kind],
      suiteFacts[roster.suite].id,
      encodeRoster(roster),
      groupInfo,
      at,
    ],
  )
}

export async function loadGroup(
  db: Queryable,
  conversation: ConversationId,
): Promise<{ roster: Roster; groupInfo: Buffer } | undefined> {
  const { rows } = await db.query<{ roster: Buffer; group_info: Buffer }>({
    name: 'load-group',
    text: 'select roster, group_info from conversation where id = $1',
    values: [toUuid(conversation)],
  })
  const row = rows[0]
  return row === undefined ? undefined : { roster: decodeRoster(row.roster), groupInfo: row.group_info }
}

/** `groupInfo` stays where none is given: a notice changes the roster, not the group. */
export async function putGroup(
  db: Queryable,
  conversation: ConversationId,
  { roster, groupInfo }: { roster: Roster; groupInfo?: Uint8Array | undefined },
): Promise<void> {
  await db.query({
    name: 'put-group',
    text: 'update conversation set suite = $2, roster = $3, group_info = coalesce($4, group_info) where id = $1',
    values: [toUuid(conversation), suiteFacts[roster.suite].id, encodeRoster(roster), groupInfo ?? null],
  })
}

/** Opens and closes memberships so that exactly the roster's accounts are in; gives back all who were or are. */
export async function moveMembers(
  db: Queryable,
  conversation: ConversationId,
  { roster, seq, except = [] }: { roster: Roster; seq: number; except?: readonly AccountId[] },
): Promise<{ before: AccountId[]; after: AccountId[] }> {
  const before = await openMembers(db, conversation)
  const after = accountsOf(roster).filter((account) => !except.includes(account))
  const gone = before.filter((account) => !after.includes(account))
  const came = after.filter((account) => !before.includes(account))
  if (gone.length > 0) await closeMemberships(db, conversation, { accounts: gone, seq })
  if (came.length > 0) {
    await db.query(
      'insert into membership (account, conversation, from_seq) select account, $1, $3 from unnest($2::uuid[]) as account',
      [toUuid(conversation), came.map(toUuid), seq],
    )
  }
  return { before, after }
}

export async function openMembers(db: Queryable, conversation: ConversationId): Promise<AccountId[]> {
  const { rows } = await db.query<{ account: string }>({
    name: 'open-members',
    text: 'select account from membership where conversation = $1 and until_seq is null',
    values: [toUuid(conversation)],
  })
  return rows.map((row) => fromUuid<AccountId>(row.account))
}

/** Conversations that the account is in. */
export async function countMemberships(db: Queryable, account: AccountId): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'count-memberships',
    text: 'select count(*) as count from membership where account = $1 and until_seq is null',
    values: [toUuid(account)],
  })
  return rows[0]?.count ?? 0
}

export async function closeMemberships(
  db: Queryable,
  conversation: ConversationId,
  { accounts, seq }: { accounts: readonly AccountId[]; seq: number },
): Promise<void> {
  await db.query(
    'update membership set until_seq = $3 where conversation = $1 and account = any ($2::uuid[]) and until_seq is null',
    [toUuid(conversation), accounts.map(toUuid), seq],
  )
}

/** Makes the leaf table say what the roster says. */
export async function moveLeaves(
  db: Queryable,
  conversation: ConversationId,
  { before, after }: { before: Roster | undefined; after: Roster },
): Promise<void> {
  const seatedBefore = new Set(before === undefined ? [] : seatedLeaves(before).map((leaf) => leaf.device))
  const seatedAfter = seatedLeaves(after)
  const staying = new Set(seatedAfter.map((leaf) => leaf.device))
  const gone = [...seatedBefore].filter((device) => !staying.has(device))
  const came = seatedAfter.filter((leaf) => !seatedBefore.has(leaf.device))
  if (gone.length > 0) {
    await db.query('delete from leaf where conversation = $1 and device = any ($2::uuid[])', [
      toUuid(conversation),
      gone.map(toUuid),
    ])
  }
  if (came.length === 0) return
  await db.query(
    `insert into leaf (device, conversation, account)
      select l.device, $1, l.account from unnest($2::uuid[], $3::uuid[]) as l(device, account)
      on conflict (device, conversation) do update set account = excluded.account`,
    [toUuid(conversation), came.map((leaf) => toUuid(leaf.device)), came.map((leaf) => toUuid(leaf.account))],
  )
}

export async function conversationsOfDevice(db: Queryable, device: DeviceId): Promise<ConversationId[]> {
  const { rows } = await db.query<{ conversation: string }>(
    'select conversation from leaf where device = $1',
    [toUuid(device)],
  )
  return rows.map((row) => fromUuid<ConversationId>(row.conversation))
}

export async function removeLeaf(
  db: Queryable,
  device: DeviceId,
  conversation: ConversationId,
): Promise<void> {
  await db.query('delete from leaf where device = $1 and conversation = $2', [
    toUuid(device),
    toUuid(conversation),
  ])
}

/** `false`: the pair has one in which both still are. */
export async function insertDirect(
  db: Queryable,
  { low, high, conversation }: { low: AccountId; high: AccountId; conversation: ConversationId },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into direct as d (low, high, conversation) values ($1, $2, $3)
      on conflict (low, high) do update set conversation = excluded.conversation where ${pairIsFree}`,
    [toUuid(low), toUuid(high), toUuid(conversation)],
  )
  return rowCount === 1
}
