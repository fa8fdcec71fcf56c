/** Messages of other people, so that indexes are deep and statistics say so. */
import type { Pool } from '@brieftaube/service-kit'

const ENTRIES_EACH = 200

/** Rows like real ones in size and spread; `counter` stays below those that the benchmark counts. */
export async function fill(admin: Pool, entries: number): Promise<void> {
  const conversations = Math.ceil(entries / ENTRIES_EACH)
  await admin.query(
    `insert into entry (conversation, seq, generation, epoch, kind, device, counter, at, mls, body)
     select c.id, n, 0, 1, 0, c.device, n, 1795000000000 + n, p.mls, p.body
     from (select gen_random_uuid() as id, gen_random_uuid() as device from generate_series(1, $1)) c,
       (select decode(repeat(md5(random()::text), 20), 'hex') as mls, decode(repeat(md5(random()::text), 16), 'hex') as body) p,
       generate_series(1, $2) n`,
    [conversations, ENTRIES_EACH],
  )
  await admin.query('analyze entry')
  await admin.query('checkpoint')
}
