/** Tables `revocation`, `revocation_cursor`, and what a revoked device leaves behind. */
import { limits, type AccountId, type DeviceId, type Revocation } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'

export async function revocationCursor(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ id: number }>('select id from revocation_cursor')
  return rows[0]?.id ?? 0
}

/** The row is acted on, and with it everything up to `cursor`; what no living token can be older than is forgotten. */
export async function markRevoked(db: Queryable, row: Revocation, cursor: number): Promise<void> {
  await db.query(
    'insert into revocation (id, kind, account, device, at) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [row.id, row.kind, toUuid(row.account), row.device === undefined ? null : toUuid(row.device), row.at],
  )
  await db.query('update revocation_cursor set id = greatest(id, $1)', [cursor])
  await db.query('delete from revocation where at < $1', [Date.now() - 2 * limits.accessTokenMs])
}

interface RevocationRow {
  id: number
  kind: Revocation['kind']
  account: string
  device: string | null
  at: number
}

export async function recentRevocations(db: Queryable): Promise<Revocation[]> {
  const { rows } = await db.query<RevocationRow>(
    'select id, kind, account, device, at from revocation order by id',
  )
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    account: fromUuid<AccountId>(row.account),
    at: row.at,
    ...(row.device === null ? {} : { device: fromUuid<DeviceId>(row.device) }),
  }))
}

/** Nobody writes to these devices any more: no key packages, no Welcomes. */
export async function retireDevices(
  db: Queryable,
  devices: readonly DeviceId[],
  account: AccountId,
): Promise<void> {
  const uuids = devices.map(toUuid)
  await db.query(
    `insert into device (device, account, device_key, revoked) select device, $2, '', true from unnest($1::uuid[]) as device
      on conflict (device) do update set revoked = true`,
    [uuids, toUuid(account)],
  )
  await db.query('delete from key_package where device = any ($1::uuid[])', [uuids])
  await db.query('delete from welcome where device = any ($1::uuid[])', [uuids])
}

export async function devicesOfAccount(db: Queryable, account: AccountId): Promise<DeviceId[]> {
  const { rows } = await db.query<{ device: string }>('select device from device where account = $1', [
    toUuid(account),
  ])
  return rows.map((row) => fromUuid<DeviceId>(row.device))
}
