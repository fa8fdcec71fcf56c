import { createHash, randomBytes } from 'node:crypto'
import { idFromBytes, limits, type ConversationId, type DeviceId } from '@brieftaube/protocol'
import {
  migrate,
  openPool,
  roleOf,
  startTestDatabase,
  type Pool,
  type TestDatabase,
} from '@brieftaube/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendBatch, appendStatus, type Draft } from '../src/log/append-store.ts'
import { createLane } from '../src/log/lane.ts'

let database: TestDatabase
let pool: Pool
let owner: Pool
beforeAll(async () => {
  database = await startTestDatabase()
  const directory = new URL('../migrations', import.meta.url).pathname
  await migrate({
    ownerUrl: database.chat.ownerUrl,
    appRole: roleOf(database.chat.appUrl),
    schema: 'chat',
    directory,
  })
  pool = openPool(database.chat, { schema: 'chat', max: 6 })
  owner = openPool({ ...database.chat, appUrl: database.chat.ownerUrl }, { schema: 'chat', max: 1 })
})
afterAll(async () => {
  await pool.end()
  await owner.end()
  await database[Symbol.asyncDispose]()
})

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

async function newConversation(): Promise<Uint8Array> {
  const id = randomBytes(16)
  await owner.query(
    "insert into head (conversation, generation, epoch, seq, chain) values ($1, 0, 1, 0, decode(repeat('00', 32), 'hex'))",
    [hex(id)],
  )
  return id
}

function draft(
  conversationBytes: Uint8Array,
  deviceBytes: Uint8Array,
  counter: number,
  changes: Partial<Draft> = {},
): Draft {
  const mls = new Uint8Array(createHash('sha256').update(conversationBytes).update(String(counter)).digest())
  return {
    conversation: idFromBytes<ConversationId>(conversationBytes),
    conversationBytes,
    generation: 0,
    epoch: 1,
    device: idFromBytes<DeviceId>(deviceBytes),
    deviceBytes,
    counter,
    at: 1_700_000_000_000 + counter,
    digest: createHash('sha256').update(mls).digest(),
    mls,
    body: new Uint8Array(randomBytes(20)),
    ...changes,
  }
}

test('every outcome of a batch is told apart', async () => {
  const [id, device] = [await newConversation(), randomBytes(16)]
  const first = draft(id, device, 1)
  const [stored] = await appendBatch(pool, [first])
  expect(stored).toEqual({ status: appendStatus.stored, seq: 1, at: first.at, generation: 0, epoch: 1 })
  const outcomes = await appendBatch(pool, [
    { ...first, at: 5 },
    draft(id, device, 2, { epoch: 2 }),
    draft(id, device, 3, { generation: 2 ** 32 - 1 }),
    draft(randomBytes(16), device, 4),
    draft(id, randomBytes(16), 1),
    draft(id, device, 6),
  ])
  expect(outcomes.map((each) => each.status)).toEqual([
    appendStatus.repeated,
    appendStatus.stale,
    appendStatus.stale,
    appendStatus.missing,
    appendStatus.stored,
    appendStatus.stored,
  ])
  expect(outcomes.map((each) => each.seq)).toEqual([1, 1, 1, 0, 2, 3])
  expect(outcomes[0]?.at).toBe(first.at)
  expect(await appendBatch(pool, [draft(id, device, 1)])).toMatchObject([{ status: appendStatus.conflict }])
  await owner.query('update head set pending = true where conversation = $1', [hex(id)])
  expect(await appendBatch(pool, [first, draft(id, device, 7)])).toMatchObject([
    { status: appendStatus.repeated },
    { status: appendStatus.commitRequired, seq: 3 },
  ])
})

test('a repetition is known by the hash of a deleted body', async () => {
  const [id, device] = [await newConversation(), randomBytes(16)]
  const first = draft(id, device, 1)
  await appendBatch(pool, [first])
  await owner.query("update entry set body_hash = sha256(body), body = '' where conversation = $1", [hex(id)])
  expect(await appendBatch(pool, [first])).toMatchObject([{ status: appendStatus.repeated }])
  expect(await appendBatch(pool, [{ ...first, body: new Uint8Array(0) }])).toMatchObject([
    { status: appendStatus.conflict },
  ])
})

test('writers that share conversations and repeat themselves leave no gap, no double and no deadlock', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, newConversation))
  const sent = new Set<string>()
  const write = async (writer: number): Promise<void> => {
    const device = Buffer.alloc(16, writer + 1)
    let earlier: Draft[] = []
    for (let round = 0; round < 25; round++) {
      const fresh = Array.from({ length: 20 }, (_, n) =>
        draft(ids[Math.floor(Math.random() * ids.length)] ?? Buffer.alloc(16), device, round * 20 + n),
      )
      for (const each of fresh) sent.add(`${each.conversation}:${each.device}:${each.counter}`)
      // batches with and without a repetition take different ways
      const repeated = round % 2 === 0 ? [] : earlier.filter(() => Math.random() < 0.15)
      const outcomes = await appendBatch(pool, [...fresh, ...repeated])
      expect(outcomes.map((each) => each.status)).toEqual([
        ...fresh.map(() => appendStatus.stored),
        ...repeated.map(() => appendStatus.repeated),
      ])
      earlier = fresh
    }
  }
  await Promise.all([0, 1, 2, 3].map(write))
  const { rows } = await owner.query<{ rows: number; last: number; head: number }>(
    `select count(*) as rows, max(e.seq) as last, max(h.seq) as head from entry e join head h using (conversation)
      where e.conversation = any ($1::uuid[]) group by e.conversation`,
    [ids.map(hex)],
  )
  expect(rows.reduce((sum, row) => sum + row.rows, 0)).toBe(sent.size)
  for (const row of rows) expect(row).toEqual({ rows: row.last, last: row.last, head: row.last })
})

test('the plan is index lookups, also when it was made on empty tables', async () => {
  await using empty = await startTestDatabase()
  const directory = new URL('../migrations', import.meta.url).pathname
  await migrate({
    ownerUrl: empty.chat.ownerUrl,
    appRole: roleOf(empty.chat.appUrl),
    schema: 'chat',
    directory,
  })
  const one = openPool(empty.chat, { schema: 'chat', max: 1 })
  const emptyOwner = openPool({ ...empty.chat, appUrl: empty.chat.ownerUrl }, { schema: 'chat', max: 1 })
  const ids = Array.from({ length: 50 }, () => randomBytes(16))
  for (const id of ids)
    await emptyOwner.query(
      "insert into head (conversation, generation, epoch, seq, chain) values ($1, 0, 1, 0, decode(repeat('00', 32), 'hex'))",
      [hex(id)],
    )
  let counter = 0
  const batch = () =>
    Array.from({ length: 200 }, () =>
      draft(ids[counter % 50] ?? Buffer.alloc(16), Buffer.alloc(16, 9), ++counter),
    )
  await one.query('analyze').catch(() => undefined)
  // the plan is made while there is nothing, and kept
  await appendBatch(one, batch())
  const readTuples = async () => {
    await emptyOwner.query('select pg_stat_clear_snapshot()')
    const { rows } = await emptyOwner.query<{ read: number; scans: number }>(
      `select coalesce(sum(idx_tup_read), 0)::int8 as read, (select coalesce(sum(seq_scan), 0)::int8 from pg_stat_user_tables where relname like 'entry%' or relname = 'head') as scans
        from pg_stat_user_indexes where relname like 'entry%' or relname = 'head'`,
    )
    return rows[0] ?? { read: 0, scans: 0 }
  }
  await new Promise((resolve) => setTimeout(resolve, 1200))
  const before = await readTuples()
  for (let n = 0; n < 10; n++) {
    const drafts = batch()
    await appendBatch(one, drafts)
    await appendBatch(one, drafts)
  }
  await one.end()
  await new Promise((resolve) => setTimeout(resolve, 1200))
  const after = await readTuples()
  expect(after.scans - before.scans).toBe(0)
  // a scan of a partition would read hundreds of index entries per message
  expect((after.read - before.read) / 4000).toBeLessThan(8)
  await emptyOwner.end()
})

test('the application role cannot change the schema', async () => {
  for (const statement of [
    'create table mine (id int)',
    'alter table entry add column mine int',
    'drop table entry',
    'create or replace function fold_step(bytea, bytea, int8, bytea) returns bytea language sql as $$ select $1 $$',
    'truncate entry',
    'delete from migration',
  ]) {
    await expect(pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner/)
  }
})

test('a lane sends a batch again when its connection breaks, and the answer is the same', async () => {
  const [id, device] = [await newConversation(), randomBytes(16)]
  const failures: unknown[] = []
  let broken = 0
  const flaky = {
    query: async (query: never) => {
      const answer: unknown = await pool.query<Record<string, unknown>>(query)
      // committed, but nobody hears of it
      if (broken++ === 0) throw new Error('Connection terminated unexpectedly')
      return answer
    },
  } as unknown as Pool
  const lane = createLane({ pool: flaky, onFailure: (error) => failures.push(error) })
  const outcome = await new Promise((resolve) => lane.push(draft(id, device, 1), resolve))
  expect(failures).toHaveLength(1)
  expect(outcome).toMatchObject({ status: appendStatus.repeated, seq: 1 })
  await lane.drain()
})

test(
  'a row that the database refuses does not hold up the others of its batch',
  { timeout: 60_000 },
  async () => {
    const [id, device] = [await newConversation(), randomBytes(16)]
    const lane = createLane({ pool, onFailure: () => undefined })
    const settle = (each: Draft) => new Promise((resolve) => lane.push(each, resolve))
    const outcomes = await Promise.all([
      settle(draft(id, device, 1)),
      settle(draft(id, device, 2, { conversationBytes: new Uint8Array(3) })),
      settle(draft(id, device, 3)),
    ])
    expect(outcomes).toMatchObject([
      { status: appendStatus.stored },
      { code: 'internal' },
      { status: appendStatus.stored },
    ])
    await lane.drain()
    expect(lane.push(draft(id, device, 4), () => undefined)).toBe(false)
  },
)

test('a crowded lane says so, and says when there is room again', async () => {
  const [id, device] = [await newConversation(), randomBytes(16)]
  const lane = createLane({ pool, onFailure: () => undefined })
  const settled: Promise<unknown>[] = []
  let counter = 0
  while (!lane.isCrowded()) {
    settled.push(new Promise((resolve) => lane.push(draft(id, device, ++counter), resolve)))
  }
  expect(counter).toBeLessThan(limits.laneQueueMaxEntries)
  await new Promise<void>((resolve) => lane.whenRoomy(resolve))
  expect(lane.isCrowded()).toBe(false)
  const outcomes = (await Promise.all(settled)) as { seq: number }[]
  expect(outcomes.map((each) => each.seq)).toEqual(Array.from({ length: counter }, (_, index) => index + 1))
})
