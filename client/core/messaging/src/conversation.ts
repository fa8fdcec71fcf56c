/** A conversation in memory: made, loaded, saved. */
import { comparePins, type GroupState } from '@brieftaube/encryption'
import { firstHead, type AccountId, type ConversationId } from '@brieftaube/protocol'
import { put, remove, removeRange, type Change } from '@brieftaube/storage'
import type { Conversation, Core } from './core.ts'
import { createLane } from './lane.ts'
import type { ConversationRecord, PendingRecord } from './records.ts'
import { groupChanges, readGroup } from './stored-group.ts'
import { tables } from './tables.ts'

const HEADS_KEPT = 256

export function newRecord(
  conversation: ConversationId,
  kind: 'direct' | 'group',
  at: number,
): ConversationRecord {
  return {
    conversation,
    kind,
    status: 'joining',
    generation: 0,
    epoch: 0,
    seq: 0,
    head: firstHead,
    accounts: [],
    title: '',
    cardVersion: 0,
    joinedSeq: 0,
    joinedLater: false,
    nextCounter: 1,
    draft: '',
    readSeq: 0,
    unread: 0,
    lastActivityAt: at,
    receipts: {},
    warned: [],
    repairedAt: 0,
    broken: [],
  }
}

/** Takes a record into memory; a known conversation keeps its lane and what waits in it. */
export function addConversation(core: Core, record: ConversationRecord): Conversation {
  const known = core.conversations.get(record.conversation)
  if (known !== undefined) return known
  const conversation: Conversation = {
    record,
    lane: createLane(),
    taking: createLane(),
    storing: createLane(),
    group: undefined,
    groupLoaded: false,
    storedEpoch: undefined,
    outbox: [],
    pending: undefined,
    intents: [],
    hints: new Map(),
    target: record.seq,
    draining: false,
    pumping: false,
    heads: new Map(),
    window: undefined,
    typing: new Map(),
    keyChanged: [],
  }
  core.conversations.set(record.conversation, conversation)
  return conversation
}

/**
 * Changes the record in memory and on disk, together with `changes`, in one transaction. The store keeps the order of
 * calls, so that what is written last is what memory held last.
 */
export async function save(
  core: Core,
  conversation: Conversation,
  patch: Partial<ConversationRecord>,
  changes: readonly Change[] = [],
): Promise<void> {
  conversation.record = { ...conversation.record, ...patch }
  const { record } = conversation
  await core.store.commit([put(tables.conversations, [record.conversation], record), ...changes])
}

/** The group's state, read once. Only inside the lane. */
export async function loadGroup(core: Core, conversation: Conversation): Promise<GroupState | undefined> {
  if (conversation.groupLoaded) return conversation.group
  const group = await readGroup(core, conversation)
  if (group !== undefined) setGroup(core, conversation, group)
  conversation.groupLoaded = true
  return conversation.group
}

/** After it was stored. */
export function setGroup(core: Core, conversation: Conversation, group: GroupState | undefined): void {
  conversation.group = group
  conversation.groupLoaded = true
  conversation.keyChanged = group === undefined ? [] : changedKeys(core, group)
}

function changedKeys(core: Core, group: GroupState): AccountId[] {
  const pins = new Map([...core.pins.values()].map((pin) => [pin.account, pin.key]))
  return comparePins(pins, group.roster).map(({ account }) => account)
}

export function rememberHead(
  conversation: Conversation,
  seq: number,
  head: ConversationRecord['head'],
): void {
  conversation.heads.set(seq, head)
  const oldest = conversation.heads.keys().next().value
  if (conversation.heads.size > HEADS_KEPT && oldest !== undefined) conversation.heads.delete(oldest)
}

/**
 * After a failed transaction memory is ahead of the disk: the disk counts. But a counter that was taken stays taken, and
 * what was written meanwhile and is about to be stored stays.
 */
export async function reloadConversation(core: Core, conversation: Conversation): Promise<void> {
  const id = conversation.record.conversation
  const record = await core.store.get(tables.conversations, [id])
  const { nextCounter } = conversation.record
  if (record !== undefined)
    conversation.record = { ...record, nextCounter: Math.max(record.nextCounter, nextCounter) }
  conversation.groupLoaded = false
  conversation.group = undefined
  conversation.storedEpoch = undefined
  conversation.pending = await core.store.get(tables.pending, [id])
  const outbox = await core.store.list(tables.outbox, { prefix: [id] })
  const stored = new Map(outbox.map(({ value }) => [value.counter, value]))
  for (const row of conversation.outbox) if (!stored.has(row.counter)) stored.set(row.counter, row)
  conversation.outbox = [...stored.values()].sort((a, b) => a.counter - b.counter)
  const intents = await core.store.list(tables.intents, { prefix: [id] })
  conversation.intents = intents.map(({ value }) => value)
}

/**
 * What is to be posted is written first; what cannot be written is not there, so that nothing of it is ever sent: the next
 * tab would not know it for its own.
 */
export async function savePending(
  core: Core,
  conversation: Conversation,
  pending: PendingRecord,
  patch: Partial<ConversationRecord> = {},
): Promise<void> {
  try {
    await save(core, conversation, patch, [put(tables.pending, [pending.conversation], pending)])
  } catch (thrown) {
    await reloadConversation(core, conversation).catch(() => undefined)
    throw thrown
  }
  conversation.pending = pending
}

/** A conversation that never came to be. */
export async function forgetConversation(core: Core, conversation: Conversation): Promise<void> {
  const id = conversation.record.conversation
  await core.store.commit([
    remove(tables.conversations, [id]),
    ...groupChanges(conversation, undefined),
    remove(tables.pending, [id]),
    removeRange(tables.intents, [id]),
    removeRange(tables.outbox, [id]),
  ])
  core.conversations.delete(id)
  core.hub.touch('conversations')
}

/** Marks everything that shows something of this conversation. */
export function touchConversation(core: Core, conversation: Conversation): void {
  const id = conversation.record.conversation
  core.hub.touch('conversations')
  core.hub.touch('conversation', id)
  core.hub.touch('messages', id)
}
