/** Table `account` and `picture`. */
import {
  encodeBase64Url,
  idFromBytes,
  idToBytes,
  type AccountId,
  type Bytes,
  type Profile,
} from '@brieftaube/protocol'
import type { Queryable } from './database.ts'

export interface Account {
  readonly id: AccountId
  readonly userName: string
  readonly role: 'user' | 'admin'
  readonly displayName: string
  readonly statusText: string
  readonly accountKey: Bytes
  readonly opaqueRecord: Bytes
  readonly vault: Bytes
  readonly recoveryHash: Bytes
  readonly pictureHash: Bytes | undefined
  /** Logins proven before this time (ms) are over, except `loginsKept`, a token id. */
  readonly loginsFrom: number
  readonly loginsKept: string | undefined
  /** Nobody gets in with it, and nobody finds it. */
  readonly isDisabled: boolean
}

export type NewAccount = Omit<
  Account,
  'statusText' | 'pictureHash' | 'loginsFrom' | 'loginsKept' | 'isDisabled'
> & {
  readonly createdAt: number
}

interface AccountRow {
  id: Buffer
  user_name: string
  role: 'user' | 'admin'
  display_name: string
  status_text: string
  account_key: Buffer
  opaque_record: Buffer
  vault: Buffer
  recovery_hash: Buffer
  picture_hash: Buffer | null
  logins_from: number
  logins_kept: string | null
  disabled_at: number | null
}

function toAccount(row: AccountRow): Account {
  return {
    id: idFromBytes<AccountId>(row.id),
    userName: row.user_name,
    role: row.role,
    displayName: row.display_name,
    statusText: row.status_text,
    accountKey: Uint8Array.from(row.account_key),
    opaqueRecord: Uint8Array.from(row.opaque_record),
    vault: Uint8Array.from(row.vault),
    recoveryHash: Uint8Array.from(row.recovery_hash),
    pictureHash: row.picture_hash === null ? undefined : Uint8Array.from(row.picture_hash),
    loginsFrom: row.logins_from,
    loginsKept: row.logins_kept ?? undefined,
    isDisabled: row.disabled_at !== null,
  }
}

export function toProfile(account: Account): Profile {
  return {
    account: account.id,
    userName: account.userName,
    displayName: account.displayName,
    statusText: account.statusText,
    accountKey: encodeBase64Url(account.accountKey),
    ...(account.pictureHash === undefined ? {} : { picture: encodeBase64Url(account.pictureHash) }),
  }
}

/** False: the user name is taken. */
export async function insertAccount(db: Queryable, account: NewAccount): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into account (id, user_name, role, display_name, account_key, opaque_record, vault, recovery_hash, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (user_name) do nothing`,
    [
      Buffer.from(idToBytes(account.id)),
      account.userName,
      account.role,
      account.displayName,
      Buffer.from(account.accountKey),
      Buffer.from(account.opaqueRecord),
      Buffer.from(account.vault),
      Buffer.from(account.recoveryHash),
      account.createdAt,
    ],
  )
  return rowCount === 1
}

export async function isNameTaken(db: Queryable, userName: string): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from account where user_name = $1', [userName])
  return rowCount !== 0
}

export async function hasAdmin(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from account where role = 'admin' and disabled_at is null limit 1`,
  )
  return rowCount !== 0
}

/** Also a disabled one: whoever knows its password may know that it is. */
export async function findLogin(
  db: Queryable,
  key: { userName: string } | { id: AccountId },
): Promise<Account | undefined> {
  const { rows } =
    'id' in key
      ? await db.query<AccountRow>('select * from account where id = $1', [Buffer.from(idToBytes(key.id))])
      : await db.query<AccountRow>('select * from account where user_name = $1', [key.userName])
  return rows[0] === undefined ? undefined : toAccount(rows[0])
}

/** Accounts that were disabled are nowhere found. */
export async function findAccountByName(db: Queryable, userName: string): Promise<Account | undefined> {
  const { rows } = await db.query<AccountRow>(
    'select * from account where user_name = $1 and disabled_at is null',
    [userName],
  )
  return rows[0] === undefined ? undefined : toAccount(rows[0])
}

export async function findAccount(db: Queryable, id: AccountId): Promise<Account | undefined> {
  return (await findAccounts(db, [id]))[0]
}

/** With its row locked until the transaction ends. */
export async function lockAccount(db: Queryable, id: AccountId): Promise<Account | undefined> {
  const { rows } = await db.query<AccountRow>(
    'select * from account where id = $1 and disabled_at is null for no key update',
    [Buffer.from(idToBytes(id))],
  )
  return rows[0] === undefined ? undefined : toAccount(rows[0])
}

export async function findAccounts(db: Queryable, ids: readonly AccountId[]): Promise<Account[]> {
  const { rows } = await db.query<AccountRow>(
    'select * from account where id = any($1::bytea[]) and disabled_at is null',
    [ids.map((id) => Buffer.from(idToBytes(id)))],
  )
  return rows.map(toAccount)
}

export async function updateProfile(
  db: Queryable,
  id: AccountId,
  changes: { displayName: string | undefined; statusText: string | undefined },
): Promise<Account | undefined> {
  const { rows } = await db.query<AccountRow>(
    `update account set display_name = coalesce($2, display_name), status_text = coalesce($3, status_text)
     where id = $1 and disabled_at is null returning *`,
    [Buffer.from(idToBytes(id)), changes.displayName ?? null, changes.statusText ?? null],
  )
  return rows[0] === undefined ? undefined : toAccount(rows[0])
}

/** New OPAQUE record and vault; of the logins proven before `at` only `keptLogin` goes on. */
export async function replaceCredentials(
  db: Queryable,
  id: AccountId,
  next: { opaqueRecord: Uint8Array; vault: Uint8Array; at: number; keptLogin: string },
): Promise<void> {
  await db.query(
    'update account set opaque_record = $2, vault = $3, logins_from = $4, logins_kept = $5 where id = $1',
    [
      Buffer.from(idToBytes(id)),
      Buffer.from(next.opaqueRecord),
      Buffer.from(next.vault),
      next.at,
      next.keptLogin,
    ],
  )
}

export interface Picture {
  readonly contentType: string
  readonly bytes: Bytes
}

/** `undefined` removes it. */
export async function putPicture(
  db: Queryable,
  id: AccountId,
  picture: (Picture & { readonly hash: Bytes }) | undefined,
): Promise<Account | undefined> {
  const key = Buffer.from(idToBytes(id))
  if (picture === undefined) await db.query('delete from picture where account = $1', [key])
  else
    await db.query(
      `insert into picture (account, content_type, bytes) values ($1, $2, $3)
       on conflict (account) do update set content_type = excluded.content_type, bytes = excluded.bytes`,
      [key, picture.contentType, Buffer.from(picture.bytes)],
    )
  const { rows } = await db.query<AccountRow>(
    'update account set picture_hash = $2 where id = $1 returning *',
    [key, picture === undefined ? null : Buffer.from(picture.hash)],
  )
  return rows[0] === undefined ? undefined : toAccount(rows[0])
}

export async function findPicture(db: Queryable, id: AccountId): Promise<Picture | undefined> {
  const { rows } = await db.query<{ content_type: string; bytes: Buffer }>(
    `select p.content_type, p.bytes from picture p join account a on a.id = p.account
     where p.account = $1 and a.disabled_at is null`,
    [Buffer.from(idToBytes(id))],
  )
  const row = rows[0]
  return row === undefined ? undefined : { contentType: row.content_type, bytes: Uint8Array.from(row.bytes) }
}

/** Those that are not disabled. */
export async function countAccounts(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*) as count from account where disabled_at is null',
  )
  return rows[0]?.count ?? 0
}
