/**
 * The outbox: a row exists before anything else happens, and what is shown of an own message is that row until the
 * message arrives in the log.
 */
import { encodeContent, type Content } from '@brieftaube/content'
import type { Bytes, ClientId, ConversationId } from '@brieftaube/protocol'
import { put, remove, type Change } from '@brieftaube/storage'
import type { Failure } from '@brieftaube/contract'
import { touchConversation } from '../conversation.ts'
import { conversationOf, type Conversation, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import type { OutboxRecord } from '../records.ts'
import { tables } from '../tables.ts'

const SENT_KEPT_MS = 24 * 3600 * 1000

export interface Shown {
  readonly localId: string
  readonly text?: string | undefined
  readonly replyTo?: ClientId | undefined
}

/**
 * Takes the next counter and the row into memory; the caller writes the conversation, the row and `named`, the note that
 * its local id is used, in one transaction.
 */
export function outboxRow(
  core: Core,
  conversation: Conversation,
  content: Content,
  shown: Shown,
): { row: OutboxRecord; named: Change } {
  const id = conversation.record.conversation
  const at = core.clock.now()
  const counter = takeCounter(conversation)
  const bytes: Bytes = encodeContent({ sentAt: at, content })
  const row: OutboxRecord = { conversation: id, counter, at, content: bytes, ...withoutUndefined(shown) }
  conversation.outbox = [...conversation.outbox, row]
  core.sentIds.ids.add(`${id}:${shown.localId}`)
  return { row, named: put(tables.sent, [id, shown.localId], { counter, at }) }
}

export function putRow(row: OutboxRecord): Change {
  return put(tables.outbox, [row.conversation, row.counter], row)
}

/** Counters are never used twice: memory moves on at once, and whoever takes one writes the record. */
export function takeCounter(conversation: Conversation): number {
  const { nextCounter } = conversation.record
  conversation.record = { ...conversation.record, nextCounter: nextCounter + 1 }
  return nextCounter
}

function withoutUndefined({ localId, text, replyTo }: Shown): Shown {
  return { localId, ...(text === undefined ? {} : { text }), ...(replyTo === undefined ? {} : { replyTo }) }
}

async function putOutbox(core: Core, conversation: Conversation, row: OutboxRecord): Promise<void> {
  replaceRow(conversation, row)
  await core.store.commit([putRow(row)])
}

export function replaceRow(conversation: Conversation, row: OutboxRecord): void {
  conversation.outbox = conversation.outbox.map((item) => (item.counter === row.counter ? row : item))
}

/** A poisoned message does not block the others: it is set aside with its reason. */
export async function failMessage(
  core: Core,
  conversation: Conversation,
  counter: number,
  failure: Failure,
): Promise<void> {
  const row = conversation.outbox.find((item) => item.counter === counter)
  if (row === undefined) return
  await putOutbox(core, conversation, { ...row, failure })
  touchConversation(core, conversation)
  core.hub.touch('connection')
}

export async function retryMessage(core: Core, id: ConversationId, localId: string): Promise<void> {
  const conversation = conversationOf(core, id)
  const row = conversation.outbox.find((item) => item.localId === localId)
  if (row === undefined) fail('unknown-message', 'no such message waits')
  const { failure: _, ...again } = row
  await putOutbox(core, conversation, again)
  touchConversation(core, conversation)
  core.hub.touch('connection')
  core.follow.send(conversation)
}

/** Only what has failed for good: anything else may be in the log already. */
export async function discardMessage(core: Core, id: ConversationId, localId: string): Promise<void> {
  const conversation = conversationOf(core, id)
  const row = conversation.outbox.find((item) => item.localId === localId)
  if (row === undefined) return
  if (row.failure === undefined) fail('conflict', 'it is on its way')
  conversation.outbox = conversation.outbox.filter((item) => item !== row)
  await core.store.commit([remove(tables.outbox, [id, row.counter])])
  touchConversation(core, conversation)
}

/** Local ids are asked for again within seconds, if at all. */
export async function forgetOldLocalIds(core: Core): Promise<void> {
  const before = core.clock.now() - SENT_KEPT_MS
  const all = await core.store.list(tables.sent)
  const old = all.filter(({ value }) => value.at < before)
  for (const { key } of all) core.sentIds.ids.add(key.join(':'))
  core.sentIds.complete = true
  if (old.length > 0) await core.store.commit(old.map(({ key }) => remove(tables.sent, key)))
}
