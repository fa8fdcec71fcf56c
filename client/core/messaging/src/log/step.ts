/** What applying entries has come to, before any of it is written: the next state beside the current one. */
import type { GroupState } from '@brieftaube/encryption'
import type { AccountId, Bytes } from '@brieftaube/protocol'
import type { Conversation } from '../core.ts'
import type {
  ConversationRecord,
  HistoryWarning,
  OutboxRecord,
  PendingRecord,
  StoredEntry,
  StoredEvent,
} from '../records.ts'

export interface Step {
  record: ConversationRecord
  group: GroupState | undefined
  pending: PendingRecord | undefined
  readonly entries: StoredEntry[]
  readonly heads: [number, Bytes][]
  /** Counters of own messages that have arrived in the log. */
  readonly arrived: Map<number, OutboxRecord>
  /** Messages of others, by seq: unread until the read cursor passes. */
  readonly fromOthers: number[]
  readonly erase: Uint8Array[]
  /** Accounts whose keys were seen, to be pinned or compared. */
  readonly rosterChanged: { yes: boolean }
  /** Intents that are done with what was applied. */
  readonly doneIntents: string[]
  /** This device has lost its place: the state cannot follow. */
  lostTrack: boolean
  title: { readonly text: string; readonly by: AccountId } | undefined
}

export function beginStep(conversation: Conversation): Step {
  return {
    record: conversation.record,
    group: conversation.group,
    pending: conversation.pending,
    entries: [],
    heads: [],
    arrived: new Map(),
    fromOthers: [],
    erase: [],
    rosterChanged: { yes: false },
    doneIntents: [],
    lostTrack: false,
    title: undefined,
  }
}

/** A warning is given once per reason and generation. */
export function warn(step: Step, reason: HistoryWarning): StoredEvent[] {
  const name = `${String(step.record.generation)}:${reason}`
  if (step.record.warned.includes(name)) return []
  step.record = { ...step.record, warned: [...step.record.warned, name] }
  return [{ kind: 'history-warning', reason }]
}

/** A line beside the newest entry of this step; there always is one when a roster has changed. */
export function addLine(step: Step, event: StoredEvent): void {
  const last = step.entries.pop()
  if (last === undefined) return
  step.entries.push({ ...last, events: [...(last.events ?? []), event] })
}
