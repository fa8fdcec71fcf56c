/** Tables `head` and `entry`, for everything but the batch of messages. */
import {
  entryKinds,
  headInput,
  type Bytes,
  type ConversationId,
  type DeviceId,
  type Entry,
  type EntryKind,
  type Head,
} from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'
import { entryDigest, sha256 } from './draft.ts'

export interface LockedHead extends Head {
  readonly chain: Uint8Array
  readonly pending: boolean
}

/** Holds the head until the transaction ends; `undefined`: no such conversation. */
export async function lockHead(db: Queryable, conversation: ConversationId): Promise<LockedHead | undefined> {
  const { rows } = await db.query<LockedHead>({
    name: 'lock-head',
    text: 'select generation, epoch, seq, chain, pending from head where conversation = $1 for no key update',
    values: [toUuid(conversation)],
  })
  return rows[0]
}

export async function insertHead(
  db: Queryable,
  conversation: ConversationId,
  head: LockedHead,
): Promise<void> {
  await db.query(
    'insert into head (conversation, generation, epoch, seq, chain, pending) values ($1, $2, $3, $4, $5, $6)',
    [toUuid(conversation), head.generation, head.epoch, head.seq, head.chain, head.pending],
  )
}

/** Writes the next entry behind the locked head and moves the head; gives back both. */
export async function appendEntry(
  db: Queryable,
  before: LockedHead,
  row: Omit<Entry, 'seq' | 'bodyHash' | 'body'>,
  after: Pick<LockedHead, 'generation' | 'epoch' | 'pending'>,
): Promise<{ entry: Entry; head: LockedHead }> {
  const entry: Entry = { ...row, seq: before.seq + 1, body: new Uint8Array(0) }
  const chain = sha256(headInput(before.chain, entry.seq, entryDigest(entry)))
  await db.query({
    name: 'append-entry',
    text: `insert into entry (conversation, seq, generation, epoch, kind, device, counter, at, mls, body)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')`,
    values: [
      toUuid(entry.conversation),
      entry.seq,
      entry.generation,
      entry.epoch,
      entryKinds.indexOf(entry.kind),
      toUuid(entry.device),
      entry.counter,
      entry.at,
      Buffer.from(entry.mls),
    ],
  })
  await db.query({
    name: 'move-head',
    text: 'update head set generation = $2, epoch = $3, seq = $4, chain = $5, pending = $6 where conversation = $1',
    values: [toUuid(entry.conversation), after.generation, after.epoch, entry.seq, chain, after.pending],
  })
  return { entry, head: { ...after, seq: entry.seq, chain } }
}

interface EntryRow {
  conversation: string
  seq: number
  generation: number
  epoch: number
  kind: number
  device: string
  counter: number
  at: number
  mls: Buffer
  body: Buffer
  body_hash: Buffer | null
}

function toEntry(row: EntryRow): Entry {
  const entry = {
    conversation: fromUuid<ConversationId>(row.conversation),
    generation: row.generation,
    seq: row.seq,
    epoch: row.epoch,
    kind: entryKinds[row.kind] as EntryKind,
    device: fromUuid<DeviceId>(row.device),
    counter: row.counter,
    at: row.at,
    mls: row.mls as Bytes,
    body: row.body as Bytes,
  }
  return row.body_hash === null ? entry : { ...entry, bodyHash: row.body_hash as Bytes }
}

const COLUMNS = 'conversation, seq, generation, epoch, kind, device, counter, at, mls, body, body_hash'

/** Ascending, both ends inclusive; the first or the last `limit` of the range. */
export async function readEntries(
  db: Queryable,
  range: { conversation: ConversationId; from: number; to: number; limit: number; end: 'first' | 'last' },
): Promise<Entry[]> {
  const order = range.end === 'first' ? 'asc' : 'desc'
  const { rows } = await db.query<EntryRow>({
    name: `read-entries-${order}`,
    text: `select ${COLUMNS} from entry where conversation = $1 and seq between $2 and $3 order by seq ${order} limit $4`,
    values: [toUuid(range.conversation), range.from, range.to, range.limit],
  })
  const entries = rows.map(toEntry)
  return range.end === 'first' ? entries : entries.reverse()
}

/** What a device appended under this counter. */
export async function findByCounter(
  db: Queryable,
  conversation: ConversationId,
  { device, counter }: { device: DeviceId; counter: number },
): Promise<Entry | undefined> {
  const { rows } = await db.query<EntryRow>({
    name: 'find-by-counter',
    text: `select ${COLUMNS} from entry where conversation = $1 and device = $2 and counter = $3`,
    values: [toUuid(conversation), toUuid(device), counter],
  })
  return rows[0] === undefined ? undefined : toEntry(rows[0])
}
