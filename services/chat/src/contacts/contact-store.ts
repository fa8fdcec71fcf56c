/** Tables `contact`, `contact_version`. One row per direction: how the account stands to the other. */
import type { AccountId, Contact, ContactState } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'

const states = ['outgoing', 'incoming', 'accepted', 'blocked'] as const satisfies readonly ContactState[]
const accepted = states.indexOf('accepted')

interface ContactRow {
  other: string
  state: number
  since: number
}

function toContact(row: ContactRow): Contact {
  return { account: fromUuid<AccountId>(row.other), state: states[row.state] ?? 'blocked', since: row.since }
}

export async function listContacts(db: Queryable, account: AccountId): Promise<Contact[]> {
  const { rows } = await db.query<ContactRow>({
    name: 'list-contacts',
    text: 'select other, state, since from contact where account = $1 order by since, other',
    values: [toUuid(account)],
  })
  return rows.map(toContact)
}

/** How `account` stands to `other`. */
export async function findContact(
  db: Queryable,
  account: AccountId,
  other: AccountId,
): Promise<Contact | undefined> {
  const { rows } = await db.query<ContactRow>({
    name: 'find-contact',
    text: 'select other, state, since from contact where account = $1 and other = $2',
    values: [toUuid(account), toUuid(other)],
  })
  return rows[0] === undefined ? undefined : toContact(rows[0])
}

/** Serialises changes between two accounts: both orders take the same lock, held until the transaction ends. */
export async function lockPair(db: Queryable, a: AccountId, b: AccountId): Promise<void> {
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    [toUuid(a), toUuid(b)].sort().join(),
  ])
}

export async function putContact(
  db: Queryable,
  account: AccountId,
  { account: other, state, since }: Contact,
): Promise<void> {
  await db.query({
    name: 'put-contact',
    text: `insert into contact (account, other, state, since) values ($1, $2, $3, $4)
      on conflict (account, other) do update set state = excluded.state, since = excluded.since`,
    values: [toUuid(account), toUuid(other), states.indexOf(state), since],
  })
}

export async function removeContact(db: Queryable, account: AccountId, other: AccountId): Promise<void> {
  await db.query('delete from contact where account = $1 and other = $2', [toUuid(account), toUuid(other)])
}

export async function countContacts(
  db: Queryable,
  account: AccountId,
  state?: ContactState,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*) as count from contact where account = $1 and ($2::int2 is null or state = $2)',
    [toUuid(account), state === undefined ? null : states.indexOf(state)],
  )
  return rows[0]?.count ?? 0
}

export async function raiseContactsVersion(db: Queryable, account: AccountId): Promise<number> {
  const { rows } = await db.query<{ version: number }>(
    `insert into contact_version as v (account, version) values ($1, 1)
      on conflict (account) do update set version = v.version + 1 returning version`,
    [toUuid(account)],
  )
  return rows[0]?.version ?? 0
}

/** Of the accounts, those whom `account` has accepted and who have accepted it. */
export async function visibleContacts(
  db: Queryable,
  account: AccountId,
  others: readonly AccountId[],
): Promise<AccountId[]> {
  if (others.length === 0) return []
  const { rows } = await db.query<{ other: string }>({
    name: 'visible-contacts',
    text: `select mine.other from contact mine join contact theirs on theirs.account = mine.other and theirs.other = mine.account
      where mine.account = $1 and mine.other = any ($2::uuid[]) and mine.state = $3 and theirs.state = $3`,
    values: [toUuid(account), others.map(toUuid), accepted],
  })
  return rows.map((row) => fromUuid<AccountId>(row.other))
}
