/** What one commit consists of; every change of a commit is written in one transaction, or none is. */
import type { ConversationId } from '@brieftaube/protocol'
import type { RecordKey, Table } from './table.ts'

/** A line of a conversation as the caller wants it back; `seq` is its place in the log, ascending, with or without gaps. */
export interface MessageRecord {
  readonly seq: number
}

export type Change =
  | { readonly kind: 'put'; readonly table: string; readonly key: RecordKey; readonly value: unknown }
  | { readonly kind: 'remove'; readonly table: string; readonly key: RecordKey }
  | { readonly kind: 'remove-range'; readonly table: string; readonly prefix: RecordKey }
  | {
      readonly kind: 'put-messages'
      readonly conversation: ConversationId
      readonly records: readonly MessageRecord[]
    }
  | {
      readonly kind: 'update-message'
      readonly conversation: ConversationId
      readonly seq: number
      readonly update: (record: MessageRecord) => MessageRecord
    }
  | { readonly kind: 'remove-messages'; readonly conversation: ConversationId }
  | { readonly kind: 'cut-messages'; readonly conversation: ConversationId; readonly after: number }

export function put<Key extends RecordKey, Value>(
  table: Table<Key, Value>,
  key: Key,
  value: NoInfer<Value>,
): Change {
  return { kind: 'put', table: table.name, key, value }
}

export function remove<Key extends RecordKey, Value>(table: Table<Key, Value>, key: Key): Change {
  return { kind: 'remove', table: table.name, key }
}

/** Everything whose key begins with `prefix`; an empty prefix empties the table. */
export function removeRange<Key extends RecordKey, Value>(
  table: Table<Key, Value>,
  prefix: RecordKey,
): Change {
  return { kind: 'remove-range', table: table.name, prefix }
}

/** Adds lines, usually at the end; a line whose `seq` is stored already is replaced. */
export function putMessages<Record extends MessageRecord>(
  conversation: ConversationId,
  records: readonly Record[],
): Change {
  return { kind: 'put-messages', conversation, records }
}

/** Changes one stored line; nothing happens when there is none at `seq`. `update` returns a new object, same `seq`. */
export function updateMessage<Record extends MessageRecord>(
  conversation: ConversationId,
  seq: number,
  update: (record: Record) => Record,
): Change {
  return {
    kind: 'update-message',
    conversation,
    seq,
    update: update as unknown as (record: MessageRecord) => MessageRecord,
  }
}

/** Removes every line whose `seq` is greater than `after`. */
export function cutMessages(conversation: ConversationId, after: number): Change {
  return { kind: 'cut-messages', conversation, after }
}

export function removeMessages(conversation: ConversationId): Change {
  return { kind: 'remove-messages', conversation }
}
