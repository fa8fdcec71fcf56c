/** Table `backup`: one row, written by `brieftaube-backup` when a file is complete. */
import type { Queryable } from './database.ts'

/** When the last backup was finished (ms since 1970); `undefined`: never. */
export async function lastBackupAt(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ at: number }>('select at from backup')
  return rows[0]?.at
}
