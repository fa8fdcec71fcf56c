/**
 * The lines of a conversation in sealed units. Opening one unit of 64 lines costs as much as opening two single ones,
 * so old lines lie in chunks of 64; the newest, which still change and grow, lie apart in a tail of small units, one per
 * commit, so that a new line does not seal 64 again. The tail is never empty while there are lines.
 */
import type { ConversationId } from '@brieftaube/protocol'
import type { Change, MessageRecord } from './change.ts'
import {
  changeDraft,
  draftOf,
  finishDraft,
  type Draft,
  type LogState,
  type UnitChange,
} from './message-draft.ts'
import { CHUNKS, TAIL } from './message-units.ts'
import type { RecordKey } from './table.ts'

/** Reads units; encoding and sealing are the store's. */
export interface Units {
  keys(prefix: RecordKey): Promise<RecordKey[]>
  list(prefix: RecordKey): Promise<{ readonly key: RecordKey; readonly records: MessageRecord[] }[]>
  getMany(keys: readonly RecordKey[]): Promise<MessageRecord[][]>
}

type MessageChange = Extract<Change, { conversation: ConversationId }>

/** Not reentrant: the store calls it from one piece of work at a time. */
export interface MessageLogs {
  change(change: MessageChange): Promise<void>
  /** What has to be written for all changes since the last `settle` or `forget`. */
  changedUnits(): UnitChange[]
  /** The changes are written. */
  settle(): void
  /** Nothing is known any more: a commit failed. */
  forget(): void
  pageBefore(conversation: ConversationId, seq: number, count: number): Promise<MessageRecord[]>
  pageAfter(conversation: ConversationId, seq: number, count: number): Promise<MessageRecord[]>
  get(conversation: ConversationId, seq: number): Promise<MessageRecord | undefined>
}

/** Conversations whose tail stays opened in memory. */
const REMEMBERED = 48

export function createMessageLogs(units: Units): MessageLogs {
  const states = new Map<ConversationId, LogState>()
  const drafts = new Map<ConversationId, Draft>()
  const finished = new Map<ConversationId, LogState>()

  const stateOf = async (conversation: ConversationId): Promise<LogState> => {
    const state = states.get(conversation) ?? (await loadState(units, conversation))
    remember(states, conversation, state)
    return state
  }
  return {
    async change(change) {
      const draft =
        drafts.get(change.conversation) ?? draftOf(change.conversation, await stateOf(change.conversation))
      drafts.set(change.conversation, draft)
      await changeDraft(draft, change, units)
    },
    changedUnits() {
      return [...drafts.values()].flatMap((draft) => {
        const { state, changes } = finishDraft(draft)
        finished.set(draft.conversation, state)
        return changes
      })
    },
    settle() {
      for (const [conversation, state] of finished) remember(states, conversation, state)
      drafts.clear()
      finished.clear()
    },
    forget() {
      states.clear()
      drafts.clear()
      finished.clear()
    },
    pageBefore: async (conversation, seq, count) =>
      pageBefore(units, conversation, await stateOf(conversation), seq, count),
    pageAfter: async (conversation, seq, count) =>
      pageAfter(units, conversation, await stateOf(conversation), seq, count),
    async get(conversation, seq) {
      const [record] = await pageAfter(units, conversation, await stateOf(conversation), seq - 1, 1)
      return record?.seq === seq ? record : undefined
    },
  }
}

function remember(
  states: Map<ConversationId, LogState>,
  conversation: ConversationId,
  state: LogState,
): void {
  states.delete(conversation)
  states.set(conversation, state)
  if (states.size <= REMEMBERED) return
  const oldest = states.keys().next().value
  if (oldest !== undefined) states.delete(oldest)
}

async function loadState(units: Units, conversation: ConversationId): Promise<LogState> {
  const [chunks, tail] = await Promise.all([
    units.keys([CHUNKS, conversation]),
    units.list([TAIL, conversation]),
  ])
  return {
    chunks: chunks.map((key) => Number(key.at(-1))),
    tail: tail.flatMap((unit) => unit.records),
    tailUnits: tail.map((unit) => Number(unit.key.at(-1))),
  }
}

async function pageBefore(
  units: Units,
  conversation: ConversationId,
  state: LogState,
  seq: number,
  count: number,
): Promise<MessageRecord[]> {
  let page = state.tail.filter((record) => record.seq < seq)
  const older = state.chunks.filter((first) => first < seq)
  while (page.length < count && older.length > 0) {
    const wanted = older.splice(-Math.ceil((count - page.length) / 64))
    const opened = await units.getMany(wanted.map((first) => [CHUNKS, conversation, first]))
    page = [...opened.flat().filter((record) => record.seq < seq), ...page]
  }
  return count > 0 ? page.slice(-count) : []
}

async function pageAfter(
  units: Units,
  conversation: ConversationId,
  state: LogState,
  seq: number,
  count: number,
): Promise<MessageRecord[]> {
  const page: MessageRecord[] = []
  // The chunk in which `seq` lies begins at or before it.
  const before = state.chunks.findLastIndex((first) => first <= seq)
  const newer = state.chunks.slice(Math.max(before, 0))
  while (page.length < count && newer.length > 0) {
    const wanted = newer.splice(0, Math.ceil((count - page.length) / 64))
    const opened = await units.getMany(wanted.map((first) => [CHUNKS, conversation, first]))
    page.push(...opened.flat().filter((record) => record.seq > seq))
  }
  if (page.length < count) page.push(...state.tail.filter((record) => record.seq > seq))
  return page.slice(0, count)
}
