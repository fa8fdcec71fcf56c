/** Table `device`. A revoked device keeps its row, so that its id and key never come back. */
import { idFromBytes, idToBytes, type AccountId, type Bytes, type DeviceId } from '@brieftaube/protocol'
import type { Queryable } from './database.ts'

export interface Device {
  readonly id: DeviceId
  readonly account: AccountId
  readonly deviceKey: Bytes
  readonly certificate: Bytes
  readonly name: string
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly revokedAt: number | undefined
}

interface DeviceRow {
  id: Buffer
  account: Buffer
  device_key: Buffer
  certificate: Buffer
  name: string
  created_at: number
  last_seen_at: number
  revoked_at: number | null
}

function toDevice(row: DeviceRow): Device {
  return {
    id: idFromBytes<DeviceId>(row.id),
    account: idFromBytes<AccountId>(row.account),
    deviceKey: Uint8Array.from(row.device_key),
    certificate: Uint8Array.from(row.certificate),
    name: row.name,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    revokedAt: row.revoked_at ?? undefined,
  }
}

export type NewDevice = Pick<Device, 'id' | 'account' | 'deviceKey' | 'certificate' | 'name' | 'createdAt'>

/** False: the id is in use already. */
export async function insertDevice(db: Queryable, device: NewDevice): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into device (id, account, device_key, certificate, name, created_at, last_seen_at)
     values ($1, $2, $3, $4, $5, $6, $6) on conflict (id) do nothing`,
    [
      Buffer.from(idToBytes(device.id)),
      Buffer.from(idToBytes(device.account)),
      Buffer.from(device.deviceKey),
      Buffer.from(device.certificate),
      device.name,
      device.createdAt,
    ],
  )
  return rowCount === 1
}

/** Any device by its id, whoever asks: the caller compares the account. */
export async function findDevice(db: Queryable, id: DeviceId): Promise<Device | undefined> {
  const { rows } = await db.query<DeviceRow>('select * from device where id = $1', [
    Buffer.from(idToBytes(id)),
  ])
  return rows[0] === undefined ? undefined : toDevice(rows[0])
}

/** Those that were not revoked, oldest first. */
export async function listDevices(db: Queryable, account: AccountId): Promise<Device[]> {
  const { rows } = await db.query<DeviceRow>(
    'select * from device where account = $1 and revoked_at is null order by created_at, id',
    [Buffer.from(idToBytes(account))],
  )
  return rows.map(toDevice)
}

/** False: there is no such device of this account. */
export async function renameDevice(
  db: Queryable,
  account: AccountId,
  id: DeviceId,
  name: string,
): Promise<boolean> {
  const { rowCount } = await db.query(
    'update device set name = $3 where id = $1 and account = $2 and revoked_at is null',
    [Buffer.from(idToBytes(id)), Buffer.from(idToBytes(account)), name],
  )
  return rowCount === 1
}

/** False: there is no such device of this account, or it is revoked already. */
export async function markRevoked(
  db: Queryable,
  account: AccountId,
  id: DeviceId,
  at: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    'update device set revoked_at = $3 where id = $1 and account = $2 and revoked_at is null',
    [Buffer.from(idToBytes(id)), Buffer.from(idToBytes(account)), at],
  )
  return rowCount === 1
}

export async function touchDevice(db: Queryable, id: DeviceId, at: number): Promise<void> {
  await db.query('update device set last_seen_at = $2 where id = $1', [Buffer.from(idToBytes(id)), at])
}
