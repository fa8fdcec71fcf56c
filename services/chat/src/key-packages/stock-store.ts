import type { Queryable } from '../database.ts'

/** One-time key packages of all living devices, and how many devices have none. */
export async function keyPackageStock(db: Queryable): Promise<{ left: number; without: number }> {
  const { rows } = await db.query<{ left: number; without: number }>(
    `select coalesce(sum(n), 0)::int8 as left, count(*) filter (where n = 0) as without
      from (select count(k.ref) filter (where not k.last_resort) as n
        from device d left join key_package k on k.device = d.device where not d.revoked group by d.device) as per_device`,
  )
  return rows[0] ?? { left: 0, without: 0 }
}
