/** A conversation's lines while a commit is prepared: changed in memory first, then turned into units to write. */
import type { ConversationId } from '@brieftaube/protocol'
import type { Change, MessageRecord } from './change.ts'
import type { Units } from './message-logs.ts'
import { CHUNK_LINES, CHUNKS, TAIL, TAIL_LINES, TAIL_UNITS } from './message-units.ts'
import type { RecordKey } from './table.ts'

/** What is known of a stored log without opening its chunks. Never changed, only replaced. */
export interface LogState {
  /** First seq of every chunk, ascending. */
  readonly chunks: readonly number[]
  /** The newest lines, ascending. */
  readonly tail: readonly MessageRecord[]
  /** First seq of every unit of the tail. */
  readonly tailUnits: readonly number[]
}

export type UnitChange =
  | { readonly kind: 'put'; readonly key: RecordKey; readonly records: readonly MessageRecord[] }
  | { readonly kind: 'remove'; readonly key: RecordKey }
  | { readonly kind: 'remove-range'; readonly prefix: RecordKey }

export interface Draft {
  readonly conversation: ConversationId
  chunks: number[]
  tail: MessageRecord[]
  tailUnits: readonly number[]
  /** Changed chunks by their first seq. */
  readonly changedChunks: Map<number, MessageRecord[]>
  /** First seqs of chunks that go. */
  readonly removedChunks: Set<number>
  /** How many lines at the tail's end are new and in no unit yet. */
  appended: number
  /** A line inside the tail changed: its units are sealed anew. */
  tailChanged: boolean
  emptied: boolean
}

export function draftOf(conversation: ConversationId, state: LogState): Draft {
  return {
    conversation,
    chunks: [...state.chunks],
    tail: [...state.tail],
    tailUnits: state.tailUnits,
    changedChunks: new Map(),
    removedChunks: new Set(),
    appended: 0,
    tailChanged: false,
    emptied: false,
  }
}

export async function changeDraft(
  draft: Draft,
  change: Extract<Change, { conversation: ConversationId }>,
  units: Units,
): Promise<void> {
  switch (change.kind) {
    case 'put-messages':
      return putRecords(draft, change.records, units)
    case 'update-message':
      return updateRecord(draft, change.seq, change.update, units)
    case 'cut-messages':
      return cutRecords(draft, change.after, units)
    case 'remove-messages': {
      Object.assign(draft, {
        chunks: [],
        tail: [],
        tailUnits: [],
        appended: 0,
        tailChanged: false,
        emptied: true,
      })
      draft.changedChunks.clear()
    }
  }
}

async function putRecords(draft: Draft, records: readonly MessageRecord[], units: Units): Promise<void> {
  const ascending = records.toSorted((a, b) => a.seq - b.seq)
  const old: MessageRecord[] = []
  for (const record of ascending) {
    const last = draft.tail.at(-1)
    if (last === undefined || record.seq > last.seq) {
      draft.tail.push(record)
      draft.appended++
    } else if (record.seq >= (draft.tail[0]?.seq ?? 0)) {
      insert(draft.tail, record)
      draft.tailChanged = true
    } else {
      old.push(record)
    }
  }
  await putOld(draft, old, units)
}

/** Lines before the tail: into the chunk where they belong, or into new chunks before all others. */
async function putOld(draft: Draft, records: readonly MessageRecord[], units: Units): Promise<void> {
  const byChunk = new Map<number | undefined, MessageRecord[]>()
  for (const record of records) {
    const first = draft.chunks.findLast((chunk) => chunk <= record.seq)
    byChunk.set(first, [...(byChunk.get(first) ?? []), record])
  }
  for (const [first, group] of byChunk) {
    const chunk = first === undefined ? [] : [...(await openChunk(draft, first, units))]
    for (const record of group) insert(chunk, record)
    const parts = chunk.length < TAIL_LINES ? [chunk] : slices(chunk, CHUNK_LINES)
    for (const part of parts) setChunk(draft, part)
  }
}

/** The tail may become empty; whoever puts lines next puts them behind the last chunk. */
async function cutRecords(draft: Draft, after: number, units: Units): Promise<void> {
  draft.tail = draft.tail.filter((record) => record.seq <= after)
  draft.tailChanged = true
  const last = draft.chunks.findLast((first) => first <= after)
  for (const first of draft.chunks.filter((each) => each > after)) {
    draft.removedChunks.add(first)
    draft.changedChunks.delete(first)
  }
  draft.chunks = draft.chunks.filter((first) => first <= after)
  if (last === undefined) return
  const lines = await openChunk(draft, last, units)
  if (lines.some((record) => record.seq > after))
    setChunk(
      draft,
      lines.filter((record) => record.seq <= after),
    )
}

async function updateRecord(
  draft: Draft,
  seq: number,
  update: (record: MessageRecord) => MessageRecord,
  units: Units,
): Promise<void> {
  const inTail = seq >= (draft.tail[0]?.seq ?? Infinity)
  const first = inTail ? undefined : draft.chunks.findLast((chunk) => chunk <= seq)
  if (!inTail && first === undefined) return
  const lines = first === undefined ? draft.tail : [...(await openChunk(draft, first, units))]
  const index = lines.findIndex((record) => record.seq === seq)
  const record = lines[index]
  if (record === undefined) return
  const updated = update(record)
  if (updated.seq !== seq) throw new TypeError('a line keeps its place')
  lines[index] = updated
  if (first !== undefined) setChunk(draft, lines)
  else if (index < lines.length - draft.appended) draft.tailChanged = true
}

async function openChunk(draft: Draft, first: number, units: Units): Promise<readonly MessageRecord[]> {
  const changed = draft.changedChunks.get(first)
  if (changed !== undefined) return changed
  const [records] = await units.getMany([[CHUNKS, draft.conversation, first]])
  return records ?? []
}

function setChunk(draft: Draft, records: MessageRecord[]): void {
  const first = records[0]?.seq
  if (first === undefined) return
  draft.changedChunks.set(first, records)
  draft.removedChunks.delete(first)
  if (draft.chunks.includes(first)) return
  draft.chunks.push(first)
  draft.chunks.sort((a, b) => a - b)
}

/** What has to be written, and the state once it is. */
export function finishDraft(draft: Draft): { state: LogState; changes: UnitChange[] } {
  const stored = draft.tailUnits
  const tailUnits = settleTail(draft)
  const row = (table: string, first: number): RecordKey => [table, draft.conversation, first]
  const changes: UnitChange[] = []
  if (draft.emptied) {
    changes.push({ kind: 'remove-range', prefix: [CHUNKS, draft.conversation] })
    changes.push({ kind: 'remove-range', prefix: [TAIL, draft.conversation] })
  }
  for (const first of stored) {
    if (!tailUnits.includes(first)) changes.push({ kind: 'remove', key: row(TAIL, first) })
  }
  for (const first of draft.removedChunks) changes.push({ kind: 'remove', key: row(CHUNKS, first) })
  for (const [first, records] of draft.changedChunks)
    changes.push({ kind: 'put', key: row(CHUNKS, first), records })
  for (const unit of newTailUnits(draft, tailUnits)) {
    changes.push({ kind: 'put', key: row(TAIL, unit[0]?.seq ?? 0), records: unit })
  }
  return { state: { chunks: draft.chunks, tail: draft.tail, tailUnits }, changes }
}

/** Gives full chunks away and decides whether the tail becomes one unit; returns the units' first seqs. */
function settleTail(draft: Draft): readonly number[] {
  let whole = draft.tailChanged || draft.tailUnits.length >= TAIL_UNITS
  while (draft.tail.length >= TAIL_LINES) {
    setChunk(draft, draft.tail.splice(0, CHUNK_LINES))
    whole = true
  }
  const first = draft.tail[0]?.seq
  if (first === undefined) return []
  if (whole) {
    draft.appended = draft.tail.length
    return [first]
  }
  const appendedFirst = draft.tail[draft.tail.length - draft.appended]?.seq
  return draft.appended === 0 || appendedFirst === undefined
    ? draft.tailUnits
    : [...draft.tailUnits, appendedFirst]
}

function newTailUnits(draft: Draft, tailUnits: readonly number[]): MessageRecord[][] {
  if (draft.appended === 0 || tailUnits.length === 0) return []
  return [draft.tail.slice(draft.tail.length - draft.appended)]
}

/** Keeps the order; a line with the same seq is replaced. */
function insert(lines: MessageRecord[], record: MessageRecord): void {
  const index = lines.findIndex((each) => each.seq >= record.seq)
  if (index === -1) lines.push(record)
  else lines.splice(index, lines[index]?.seq === record.seq ? 1 : 0, record)
}

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_unused, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
