/** What an administrator may see and change of accounts: names, dates, counts; never content. */
import { idFromBytes, idToBytes, type AccountId } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'

export interface AccountFacts {
  readonly id: AccountId
  readonly userName: string
  readonly role: 'user' | 'admin'
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** When one of its devices was last heard of; `undefined`: it has none. */
  readonly lastSeenAt: number | undefined
  readonly devices: number
  readonly disabledAt: number | undefined
}

interface FactsRow {
  id: Buffer
  user_name: string
  role: 'user' | 'admin'
  created_at: number
  last_seen_at: number | null
  devices: number
  disabled_at: number | null
}

const facts = `select a.id, a.user_name, a.role, a.created_at, a.disabled_at,
    max(d.last_seen_at) as last_seen_at, count(d.id) as devices
  from account a left join device d on d.account = a.id and d.revoked_at is null`

/** By name. */
export async function listAccountFacts(db: Queryable): Promise<AccountFacts[]> {
  const { rows } = await db.query<FactsRow>(`${facts} group by a.id order by a.user_name`)
  return rows.map(toFacts)
}

export async function findAccountFacts(db: Queryable, userName: string): Promise<AccountFacts | undefined> {
  const { rows } = await db.query<FactsRow>(`${facts} where a.user_name = $1 group by a.id`, [userName])
  return rows[0] === undefined ? undefined : toFacts(rows[0])
}

function toFacts(row: FactsRow): AccountFacts {
  return {
    id: idFromBytes<AccountId>(row.id),
    userName: row.user_name,
    role: row.role,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at ?? undefined,
    devices: row.devices,
    disabledAt: row.disabled_at ?? undefined,
  }
}

/** `at` undefined: it may log in again. Logins that were proven before are over. */
export async function setDisabled(db: Queryable, id: AccountId, at: number | undefined): Promise<void> {
  await db.query(
    `update account set disabled_at = $2::int8,
       logins_from = greatest(logins_from, coalesce($2::int8, 0)), logins_kept = null where id = $1`,
    [Buffer.from(idToBytes(id)), at ?? null],
  )
}

export async function endAllSessions(db: Queryable, id: AccountId, at: number): Promise<void> {
  await db.query('update session set ended_at = $2 where account = $1 and ended_at is null', [
    Buffer.from(idToBytes(id)),
    at,
  ])
}

/** When anything of the account ended last (ms); 0: never. */
export async function lastEndOfAccount(db: Queryable, id: AccountId): Promise<number> {
  const { rows } = await db.query<{ at: number }>(
    'select coalesce(max(at), 0) as at from revocation where account = $1',
    [Buffer.from(idToBytes(id))],
  )
  return rows[0]?.at ?? 0
}

export async function setRole(db: Queryable, id: AccountId, role: 'user' | 'admin'): Promise<void> {
  await db.query('update account set role = $2 where id = $1', [Buffer.from(idToBytes(id)), role])
}

/** Administrators who can log in, locked so that two commands at once cannot remove the last two. */
export async function lockAdmins(db: Queryable): Promise<AccountId[]> {
  const { rows } = await db.query<{ id: Buffer }>(
    `select id from account where role = 'admin' and disabled_at is null order by id for no key update`,
  )
  return rows.map((row) => idFromBytes<AccountId>(row.id))
}

interface TableSize {
  readonly schema: string
  readonly table: string
  readonly bytes: number
  /** The planner's estimate. */
  readonly rows: number
}

/** Every table with its indexes, partitions together, largest first. */
export async function tableSizes(db: Queryable): Promise<TableSize[]> {
  const { rows } = await db.query<TableSize>(
    `select n.nspname as schema, coalesce(p.relname, c.relname) as table,
       sum(pg_total_relation_size(c.oid))::int8 as bytes, sum(greatest(c.reltuples, 0))::int8 as rows
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     left join pg_inherits i on i.inhrelid = c.oid
     left join pg_class p on p.oid = i.inhparent
     where n.nspname in ('auth', 'chat') and c.relkind = 'r'
     group by 1, 2 order by bytes desc, 1, 2`,
  )
  return rows
}
