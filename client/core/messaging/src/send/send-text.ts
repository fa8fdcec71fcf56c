/** Sending a text: a row in the outbox, and at once on its way where nothing else is to be done first. */
import { textMaxBytes, type Content } from '@brieftaube/content'
import type { Commands } from '@brieftaube/contract'
import { encodeText, type ConversationId } from '@brieftaube/protocol'
import type { Change } from '@brieftaube/storage'
import { save, touchConversation } from '../conversation.ts'
import { conversationOf, type Conversation, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import type { OutboxRecord } from '../records.ts'
import { tables } from '../tables.ts'
import { outboxRow, putRow, type Shown } from './outbox.ts'
import { goesAtOnce, sealRow, wakePump } from './pump.ts'

const LOCAL_ID = /^[A-Za-z0-9_-]{1,64}$/

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

/**
 * The same local id twice sends once, also after the first has long arrived. Rows are stored in the order of their
 * counters: a tab that is closed in between leaves the earlier ones, and what is asked again comes behind them.
 */
export async function enqueue(
  core: Core,
  conversation: Conversation,
  content: Content,
  shown: Shown,
): Promise<void> {
  const id = conversation.record.conversation
  const taken = await conversation.taking.run(async () => {
    if (await wasSent(core, id, shown.localId)) return undefined
    if (conversation.outbox.some((item) => item.localId === shown.localId)) return undefined
    return { stored: take(core, conversation, content, shown) }
  })
  if (taken === undefined) return
  await taken.stored
  wakePump(core, conversation)
}

/** On screen and in its place at once; resolves when it is stored. */
async function take(core: Core, conversation: Conversation, content: Content, shown: Shown): Promise<void> {
  const atOnce = goesAtOnce(core, conversation)
  const { row, named } = outboxRow(core, conversation, content, shown)
  if (shown.text !== undefined) conversation.record = { ...conversation.record, draft: '' }
  touchConversation(core, conversation)
  core.hub.touch('connection')
  try {
    await conversation.storing.run(async () => {
      if (atOnce) await conversation.lane.run(() => sealRow(core, conversation, row, [named]))
      else await save(core, conversation, {}, [...current(conversation, row), named])
    })
  } catch (thrown) {
    // nothing of it is stored: the same id may be tried again
    conversation.outbox = conversation.outbox.filter((item) => item.counter !== row.counter)
    core.sentIds.ids.delete(`${row.conversation}:${shown.localId}`)
    touchConversation(core, conversation)
    throw thrown
  }
}

/** The row as it is by now: it may have been encrypted, or even have arrived, while it waited for its turn. */
function current(conversation: Conversation, { counter }: OutboxRecord): Change[] {
  const row = conversation.outbox.find((item) => item.counter === counter)
  return row === undefined ? [] : [putRow(row)]
}

async function wasSent(core: Core, id: ConversationId, localId: string): Promise<boolean> {
  if (core.sentIds.ids.has(`${id}:${localId}`)) return true
  return !core.sentIds.complete && (await core.store.get(tables.sent, [id, localId])) !== undefined
}
