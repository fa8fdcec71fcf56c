/** Table `revocation`: append-only, read by id. */
import {
  encodeBase64Url,
  idFromBytes,
  idToBytes,
  type AccountId,
  type DeviceId,
  type Revocation,
} from '@brieftaube/protocol'
import type { Queryable } from './database.ts'

export type NewRevocation = Omit<Revocation, 'id' | 'statement'> & {
  readonly statement?: Uint8Array | undefined
}

interface RevocationRow {
  id: number
  kind: Revocation['kind']
  account: Buffer
  device: Buffer | null
  at: number
  statement: Buffer | null
}

function toRevocation(row: RevocationRow): Revocation {
  return {
    id: row.id,
    kind: row.kind,
    account: idFromBytes<AccountId>(row.account),
    ...(row.device === null ? {} : { device: idFromBytes<DeviceId>(row.device) }),
    at: row.at,
    ...(row.statement === null ? {} : { statement: encodeBase64Url(row.statement) }),
  }
}

/** The lock makes ids visible in their order: a reader that has seen n will never find n − 1 later. */
export async function insertRevocations(
  db: Queryable,
  rows: readonly NewRevocation[],
): Promise<Revocation[]> {
  if (rows.length === 0) return []
  await db.query(`select pg_advisory_xact_lock(hashtext('auth revocation'))`)
  const written: Revocation[] = []
  for (const row of rows) {
    const result = await db.query<RevocationRow>(
      'insert into revocation (kind, account, device, at, statement) values ($1, $2, $3, $4, $5) returning *',
      [
        row.kind,
        Buffer.from(idToBytes(row.account)),
        row.device === undefined ? null : Buffer.from(idToBytes(row.device)),
        row.at,
        row.statement === undefined ? null : Buffer.from(row.statement),
      ],
    )
    written.push(...result.rows.map(toRevocation))
  }
  return written
}

export const revocationPageRows = 500

/** At most `revocationPageRows`, ascending. */
export async function listRevocations(db: Queryable, after: number): Promise<Revocation[]> {
  const { rows } = await db.query<RevocationRow>(
    'select * from revocation where id > $1 order by id limit $2',
    [after, revocationPageRows],
  )
  return rows.map(toRevocation)
}

/** The last id from before `at` (ms): whoever starts behind it sees everything since then. */
export async function lastRevocationBefore(db: Queryable, at: number): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'select coalesce(max(id), 0) as id from revocation where at < $1',
    [at],
  )
  return rows[0]?.id ?? 0
}
