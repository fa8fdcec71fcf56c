import type { LogIncarnation } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid } from '../uuid.ts'

/** After a restore, before anybody reads it. */
export async function beginNewLife(db: Queryable): Promise<void> {
  await db.query('update incarnation set id = gen_random_uuid(), since = now()')
  // one-time key packages that were taken since the copy would be taken a second time
  await db.query('delete from key_package where not last_resort')
}

/** Which life of the log this is; only a restore changes it, while no service runs. */
export async function readIncarnation(db: Queryable): Promise<LogIncarnation> {
  const { rows } = await db.query<{ id: string }>('select id from incarnation')
  const [row] = rows
  if (row === undefined) throw new Error('the log has no incarnation')
  return fromUuid<LogIncarnation>(row.id)
}
