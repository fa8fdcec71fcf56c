/**
 * The port: what a device keeps, sealed, and changed in one transaction at a time. Values are values: nothing handed in
 * or out may be changed afterwards.
 */
import type { ConversationId } from '@brieftaube/protocol'
import type { Change, MessageRecord } from './change.ts'
import type { Range, RecordKey, Table, TableRecord } from './table.ts'

export interface Store extends AsyncDisposable {
  /** Nothing was stored here before: a new device, or the browser has evicted everything. */
  readonly fresh: boolean

  get<Key extends RecordKey, Value>(table: Table<Key, Value>, key: Key): Promise<Value | undefined>
  getMany<Key extends RecordKey, Value>(
    table: Table<Key, Value>,
    keys: readonly Key[],
  ): Promise<(Value | undefined)[]>
  /** In ascending order of keys. */
  list<Key extends RecordKey, Value>(
    table: Table<Key, Value>,
    range?: Range,
  ): Promise<TableRecord<Key, Value>[]>

  readonly messages: MessageLog

  /**
   * Writes all changes in one transaction with strict durability, in the order in which commits were called; rejects
   * with `StorageError`, and then nothing of it is stored.
   */
  commit(changes: readonly Change[]): Promise<void>

  /** Removes everything, the storage key included. The store stays usable, empty, under a new key. */
  wipe(): Promise<void>

  /** Called once when the browser takes the database away while it is open. */
  onLost(listener: () => void): void
}

/** The lines of the conversations, in sealed units of 64. All answers ascend by `seq`. */
export interface MessageLog {
  /** The last `count` lines. */
  tail<Record extends MessageRecord>(conversation: ConversationId, count: number): Promise<Record[]>
  /** The `count` lines before `seq`, without it. */
  pageBefore<Record extends MessageRecord>(
    conversation: ConversationId,
    seq: number,
    count: number,
  ): Promise<Record[]>
  /** The `count` lines after `seq`, without it. */
  pageAfter<Record extends MessageRecord>(
    conversation: ConversationId,
    seq: number,
    count: number,
  ): Promise<Record[]>
  get<Record extends MessageRecord>(conversation: ConversationId, seq: number): Promise<Record | undefined>
}

/** A change of what the values mean, run once; `version` counts 1, 2, 3 … The changes are one commit. */
export interface Migration {
  readonly version: number
  changes(store: Pick<Store, 'get' | 'list' | 'messages'>): Promise<readonly Change[]>
}

/**
 * For tests: called around every transaction. When it throws, the store is dead from that moment, as if the process had
 * been killed there: everything later rejects with what was thrown.
 */
export type CrashPoint = (point: 'before-commit' | 'after-commit', changes: readonly Change[]) => void
