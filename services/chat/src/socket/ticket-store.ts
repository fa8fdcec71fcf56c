/** Table `used_ticket`. */
import type { Queryable } from '../database.ts'

/** Whether it was not there: exactly one of several concurrent callers hears `true`. */
export async function putTicket(db: Queryable, id: string, until: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'put-ticket',
    text: 'insert into used_ticket (id, until) values ($1, $2) on conflict do nothing',
    values: [id, until],
  })
  return rowCount === 1
}

export async function removeTickets(db: Queryable, before: number): Promise<void> {
  await db.query('delete from used_ticket where until < $1', [before])
}
