import type { LogIncarnation } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid } from '../uuid.ts'

/** Which life of the log this is; only a restore changes it, while no service runs. */
export async function readIncarnation(db: Queryable): Promise<LogIncarnation> {
  const { rows } = await db.query<{ id: string }>('select id from incarnation')
  const [row] = rows
  if (row === undefined) throw new Error('the log has no incarnation')
  return fromUuid<LogIncarnation>(row.id)
}
