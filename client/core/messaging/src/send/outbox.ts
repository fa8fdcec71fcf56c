/**
 * The outbox: a row exists before anything else happens, and what is shown of an own message is that row until the
 * message arrives in the log.
 */
import { encodeContent, textMaxBytes, type Content } from '@brieftaube/content'
import { encodeText, type Bytes, type ClientId, type ConversationId } from '@brieftaube/protocol'
import { put, remove, type Change } from '@brieftaube/storage'
import type { Commands, Failure } from '@brieftaube/contract'
import { save, touchConversation } from '../conversation.ts'
import { conversationOf, type Conversation, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import type { OutboxRecord } from '../records.ts'
import { tables } from '../tables.ts'
import { goesAtOnce, sealRow, wakePump } from './pump.ts'

const LOCAL_ID = /^[A-Za-z0-9_-]{1,64}$/
const SENT_KEPT_MS = 24 * 3600 * 1000

export async function sendText(core: Core, input: Commands['sendText']['input']): Promise<void> {
  const conversation = conversationOf(core, input.conversation)
  const { text, localId, replyTo } = input
  if (text.trim() === '') fail('empty-text', 'a message has a text')
  if (encodeText(text).length > textMaxBytes) fail('text-too-long', 'the text is too long')
  if (!LOCAL_ID.test(localId)) fail('malformed', 'not a local id')
  if (conversation.record.status === 'left') fail('forbidden', 'no longer a member')
  const reference = replyTo === undefined ? {} : { replyTo: { conversation: input.conversation, ...replyTo } }
  await enqueue(core, conversation, { kind: 'text', text, ...reference }, { localId, text, replyTo })
}

interface Shown {
  readonly localId: string
  readonly text?: string | undefined
  readonly replyTo?: ClientId | undefined
}

/** The same local id twice sends once, also after the first has long arrived. */
export async function enqueue(
  core: Core,
  conversation: Conversation,
  content: Content,
  shown: Shown,
): Promise<void> {
  const id = conversation.record.conversation
  if (await wasSent(core, id, shown.localId)) return
  if (conversation.outbox.some((item) => item.localId === shown.localId)) return
  const atOnce = goesAtOnce(core, conversation)
  const { row, changes } = outboxRow(core, conversation, content, shown)
  if (shown.text !== undefined) conversation.record = { ...conversation.record, draft: '' }
  touchConversation(core, conversation)
  core.hub.touch('connection')
  try {
    if (atOnce) await conversation.lane.run(() => sealRow(core, conversation, row, changes))
    else await save(core, conversation, {}, changes)
  } catch (thrown) {
    // nothing of it is stored: the same id may be tried again
    conversation.outbox = conversation.outbox.filter((item) => item.counter !== row.counter)
    core.sentIds.ids.delete(`${id}:${shown.localId}`)
    touchConversation(core, conversation)
    throw thrown
  }
  wakePump(core, conversation)
}

async function wasSent(core: Core, id: ConversationId, localId: string): Promise<boolean> {
  if (core.sentIds.ids.has(`${id}:${localId}`)) return true
  return !core.sentIds.complete && (await core.store.get(tables.sent, [id, localId])) !== undefined
}

/** Takes the next counter and the row into memory; the caller writes both in one transaction. */
export function outboxRow(
  core: Core,
  conversation: Conversation,
  content: Content,
  shown: Shown,
): { row: OutboxRecord; changes: Change[] } {
  const id = conversation.record.conversation
  const at = core.clock.now()
  const counter = takeCounter(conversation)
  const bytes: Bytes = encodeContent({ sentAt: at, content })
  const row: OutboxRecord = { conversation: id, counter, at, content: bytes, ...withoutUndefined(shown) }
  conversation.outbox = [...conversation.outbox, row]
  core.sentIds.ids.add(`${id}:${shown.localId}`)
  return {
    row,
    changes: [put(tables.outbox, [id, counter], row), put(tables.sent, [id, shown.localId], { counter, at })],
  }
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
  await core.store.commit([put(tables.outbox, [row.conversation, row.counter], row)])
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
  wakePump(core, conversation)
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
