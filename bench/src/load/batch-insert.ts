/** The other floor: batches of rows of the same size by `unnest` into the same kind of table, without sockets and rules. */
import { cpuUsage } from 'node:process'
import type { Pool } from '@brieftaube/service-kit'

export interface InsertCost {
  readonly rowsPerSecond: number
  readonly nodeMicroseconds: number
  readonly postgresMicroseconds: number
}

const BATCH_ROWS = 512
const CONVERSATIONS = 500

export async function measureBatchInsert(
  admin: Pool,
  plan: {
    seconds: number
    lanes: number
    mlsBytes: number
    bodyBytes: number
    postgresCpuSeconds: () => number
  },
): Promise<InsertCost> {
  await admin.query('drop table if exists floor_entry')
  await admin.query(`create table floor_entry (
    conversation uuid not null, seq int8 not null, device uuid not null, counter int8 not null, at int8 not null,
    mls bytea not null, body bytea not null,
    primary key (conversation, seq), unique (conversation, device, counter)) partition by hash (conversation)`)
  for (let part = 0; part < 8; part++)
    await admin.query(
      `create table floor_entry_${String(part)} partition of floor_entry for values with (modulus 8, remainder ${String(part)})`,
    )
  const insert = createInsert(admin, plan)
  const before = { node: cpuUsage(), postgres: plan.postgresCpuSeconds(), at: performance.now() }
  const until = before.at + plan.seconds * 1000
  let rows = 0
  const lane = async (number: number): Promise<void> => {
    for (let batch = 0; performance.now() < until; batch++) {
      await insert(number, batch)
      rows += BATCH_ROWS
    }
  }
  await Promise.all(Array.from({ length: plan.lanes }, (_, number) => lane(number)))
  const seconds = (performance.now() - before.at) / 1000
  const node = cpuUsage(before.node)
  const postgres = plan.postgresCpuSeconds() - before.postgres
  await admin.query('drop table floor_entry')
  return {
    rowsPerSecond: rows / seconds,
    nodeMicroseconds: (node.user + node.system) / rows,
    postgresMicroseconds: (postgres * 1e6) / rows,
  }
}

function createInsert(
  admin: Pool,
  { mlsBytes, bodyBytes }: { mlsBytes: number; bodyBytes: number },
): (lane: number, batch: number) => Promise<unknown> {
  const mlss = byteaArray(BATCH_ROWS, mlsBytes)
  const bodies = byteaArray(BATCH_ROWS, bodyBytes)
  const text = `insert into floor_entry
    select md5($1::int4::text || (n % ${String(CONVERSATIONS)})::text)::uuid, $2::int8 * ${String(BATCH_ROWS)} + n,
      '00000000-0000-0000-0000-000000000001', $2::int8 * ${String(BATCH_ROWS)} + n, 1795000000000, mls, body
    from unnest($3::bytea[], $4::bytea[]) with ordinality as i(mls, body, n)`
  return (lane, batch) => admin.query({ name: 'floor', text, values: [lane, batch, mlss, bodies] })
}

/** PostgreSQL's binary form of bytea[], which `pg` passes on as it is. */
function byteaArray(count: number, size: number): Buffer {
  const array = Buffer.alloc(20 + count * (4 + size), 0xa5)
  for (const [index, field] of [1, 0, 17, count, 1].entries()) array.writeInt32BE(field, index * 4)
  for (let index = 0; index < count; index++) array.writeInt32BE(size, 20 + index * (4 + size))
  return array
}
