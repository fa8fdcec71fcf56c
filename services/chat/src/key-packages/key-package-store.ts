/** Tables `device`, `key_package`. */
import type { AccountId, Bytes, ClaimedKeyPackage, DeviceId } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'

/** `false`: the device is revoked, or known with another key or account. */
export async function registerDevice(
  db: Queryable,
  { account, device, deviceKey }: { account: AccountId; device: DeviceId; deviceKey: Uint8Array },
): Promise<boolean> {
  await db.query(
    'insert into device (device, account, device_key) values ($1, $2, $3) on conflict do nothing',
    [toUuid(device), toUuid(account), deviceKey],
  )
  const { rowCount } = await db.query(
    'select 1 from device where device = $1 and account = $2 and device_key = $3 and not revoked for share',
    [toUuid(device), toUuid(account), deviceKey],
  )
  return rowCount === 1
}

/**
 * Whether each of these is a device that its own account has made known here under this key, and not revoked. The rows
 * are held: a revocation waits for what is about to be written, and finds it then.
 */
export async function areKnownDevices(
  db: Queryable,
  devices: readonly { account: AccountId; device: DeviceId; deviceKey: Uint8Array }[],
): Promise<boolean> {
  if (devices.length === 0) return true
  const { rowCount } = await db.query(
    `select 1 from device d
      join unnest($1::uuid[], $2::uuid[], $3::bytea[]) as l(device, account, device_key)
        on d.device = l.device and d.account = l.account and d.device_key = l.device_key
      where not d.revoked for share of d`,
    [
      devices.map((each) => toUuid(each.device)),
      devices.map((each) => toUuid(each.account)),
      devices.map((each) => Buffer.from(each.deviceKey)),
    ],
  )
  return rowCount === devices.length
}

export interface NewKeyPackage {
  readonly ref: Uint8Array
  readonly notAfterMs: number
  readonly bytes: Uint8Array
}

export async function putKeyPackages(
  db: Queryable,
  { device, suite }: { device: DeviceId; suite: number },
  packages: { oneTime: readonly NewKeyPackage[]; lastResort: NewKeyPackage | undefined },
): Promise<void> {
  const { oneTime, lastResort } = packages
  if (lastResort !== undefined) {
    await db.query('delete from key_package where device = $1 and suite = $2 and last_resort', [
      toUuid(device),
      suite,
    ])
  }
  const all = [...oneTime, ...(lastResort === undefined ? [] : [lastResort])]
  await db.query(
    `insert into key_package (device, suite, ref, last_resort, not_after, key_package)
      select $1, $2, i.ref, i.last_resort, i.not_after, i.bytes
      from unnest($3::bytea[], $4::bool[], $5::int8[], $6::bytea[]) as i(ref, last_resort, not_after, bytes)
      on conflict do nothing`,
    [
      toUuid(device),
      suite,
      all.map((each) => Buffer.from(each.ref)),
      all.map((each) => each === lastResort),
      all.map((each) => each.notAfterMs),
      all.map((each) => Buffer.from(each.bytes)),
    ],
  )
}

/** One-time key packages left, by suite. */
export async function countKeyPackages(db: Queryable, device: DeviceId): Promise<Record<string, number>> {
  const { rows } = await db.query<{ suite: number; left: number }>({
    name: 'count-key-packages',
    text: 'select suite, count(*) as left from key_package where device = $1 and not last_resort and not_after > $2 group by suite',
    values: [toUuid(device), Date.now()],
  })
  return Object.fromEntries(rows.map((row) => [String(row.suite), row.left]))
}

interface ClaimedRow {
  account: string
  device: string
  key_package: Buffer
  last_resort: boolean
}

/**
 * One per device of the accounts, the claimer's own excepted: a one-time package that nobody else is claiming, else the
 * last resort, which stays.
 */
export async function claimKeyPackages(
  db: Queryable,
  claim: { accounts: readonly AccountId[]; suite: number; except: DeviceId },
): Promise<(ClaimedKeyPackage & { lastResort: boolean })[]> {
  const { rows } = await db.query<ClaimedRow>(
    `with wanted as (
        select d.device, d.account from device d
        where d.account = any ($1::uuid[]) and d.device <> $3 and not d.revoked
      ), picked as materialized (
        select w.account, w.device, k.ref from wanted w cross join lateral (
          select ref from key_package
          where device = w.device and suite = $2 and not last_resort and not_after > $4
          order by not_after, ref limit 1 for update skip locked
        ) k
      ), taken as (
        delete from key_package k using picked p
        where k.device = p.device and k.suite = $2 and k.ref = p.ref
        returning p.account, k.device, k.key_package, false as last_resort
      )
      select * from taken
      union all
      select w.account, w.device, k.key_package, true from wanted w
      join key_package k on k.device = w.device and k.suite = $2 and k.last_resort and k.not_after > $4
      where not exists (select from picked p where p.device = w.device)`,
    [claim.accounts.map(toUuid), claim.suite, toUuid(claim.except), Date.now()],
  )
  return rows.map((row) => ({
    account: fromUuid<AccountId>(row.account),
    device: fromUuid<DeviceId>(row.device),
    keyPackage: row.key_package as Bytes,
    lastResort: row.last_resort,
  }))
}
