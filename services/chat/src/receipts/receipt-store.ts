/** Table `receipt`: monotonic cursors per conversation and account. */
import type { Receipt } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { toUuid } from '../uuid.ts'

/** One statement for everything that rose since the last time; no cursor passes the head. */
export async function raiseReceipts(db: Queryable, receipts: readonly Receipt[], at: number): Promise<void> {
  await db.query({
    name: 'raise-receipts',
    text: `insert into receipt as r (conversation, account, delivered, read, changed_at)
      select i.conversation, i.account, least(i.delivered, h.seq), least(i.read, h.seq), $5
      from unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int8[]) as i(conversation, account, delivered, read)
      join head h on h.conversation = i.conversation
      order by i.conversation, i.account
      on conflict (conversation, account) do update
        set delivered = greatest(r.delivered, excluded.delivered), read = greatest(r.read, excluded.read), changed_at = excluded.changed_at
        where r.delivered < excluded.delivered or r.read < excluded.read`,
    values: [
      receipts.map((each) => toUuid(each.conversation)),
      receipts.map((each) => toUuid(each.account)),
      receipts.map((each) => each.delivered),
      receipts.map((each) => each.read),
      at,
    ],
  })
}
