/** The messages of one conversation: a window onto the log up to the newest, then what waits in the outbox. */
import type { ConversationId } from '@brieftaube/protocol'
import type { MessagesView, MessageView, SystemMessageView, TextMessageView } from '@brieftaube/contract'
import { conversationOf, type Conversation, type Core } from '../core.ts'
import type { BrokenRecord, OutboxRecord, StoredEntry, TextRecord, UnsupportedRecord } from '../records.ts'
import { deliveryOf } from './delivery.ts'
import { nameOf } from './people.ts'
import { systemEventOf } from './system-event.ts'

const WINDOW = 50

/** When the view gets its first watcher. */
export async function openWindow(core: Core, id: ConversationId): Promise<void> {
  const conversation = core.conversations.get(id)
  if (conversation === undefined || conversation.window !== undefined) return
  await conversation.lane.run(async () => {
    if (conversation.window !== undefined) return
    const entries = await core.store.messages.tail<StoredEntry>(id, WINDOW)
    const { readSeq } = conversation.record
    conversation.window = { entries, coming: [], more: entries.length === WINDOW, readSeq }
  })
  core.hub.touch('messages', id)
}

export function closeWindow(core: Core, id: ConversationId): void {
  const conversation = core.conversations.get(id)
  if (conversation !== undefined) conversation.window = undefined
}

export async function loadOlder(core: Core, id: ConversationId): Promise<{ more: boolean }> {
  const conversation = conversationOf(core, id)
  await openWindow(core, id)
  return conversation.lane.run(async () => {
    const { window } = conversation
    const first = window?.entries[0]
    if (window === undefined || first === undefined || !window.more) return { more: false }
    const older = await core.store.messages.pageBefore<StoredEntry>(id, first.seq, WINDOW)
    const more = older.length === WINDOW
    conversation.window = { ...window, entries: [...older, ...window.entries], more }
    core.hub.touch('messages', id)
    return { more }
  })
}

export function messagesView(core: Core, id: ConversationId): MessagesView | undefined {
  const conversation = core.conversations.get(id)
  const window = conversation?.window
  if (conversation === undefined || window === undefined || core.self === undefined) return undefined
  const arrived = [...window.entries, ...window.coming].flatMap((entry) => viewsOf(core, conversation, entry))
  const waiting = conversation.outbox.flatMap((item) => waitingView(core, conversation, item))
  return {
    conversation: id,
    messages: [...arrived, ...waiting],
    more: window.more,
    readSeq: window.readSeq,
    joinedLater: conversation.record.joinedLater,
  }
}

function viewsOf(core: Core, conversation: Conversation, entry: StoredEntry): MessageView[] {
  const lines = (entry.events ?? []).map((event, index): SystemMessageView => {
    const key = `seq:${String(entry.seq)}:${String(index)}`
    return { key, seq: entry.seq, at: entry.at, kind: 'system', event: systemEventOf(core, event) }
  })
  switch (entry.kind) {
    case 'plain':
      return lines
    case 'text':
      return [...lines, textView(core, conversation, entry)]
    case 'unsupported':
    case 'broken':
      return [...lines, brokenView(core, entry)]
  }
}

function textView(core: Core, conversation: Conversation, entry: TextRecord): TextMessageView {
  const own = entry.account === core.self?.account
  return {
    kind: 'text',
    key: entry.localId ?? keyOf(entry.device, entry.counter),
    seq: entry.seq,
    at: entry.at,
    clientId: { device: entry.device, counter: entry.counter },
    localId: entry.localId,
    author: entry.account,
    authorName: nameOf(core, entry.account),
    own,
    text: entry.text,
    replyTo: quoteOf(core, conversation, entry.replyTo),
    state: own ? deliveryOf(core, conversation, entry.seq) : undefined,
    failure: undefined,
  }
}

function brokenView(core: Core, entry: BrokenRecord | UnsupportedRecord): MessageView {
  return {
    kind: 'broken',
    key: keyOf(entry.device, entry.counter),
    seq: entry.seq,
    at: entry.at,
    author: entry.account,
    authorName: entry.account === undefined ? '' : nameOf(core, entry.account),
    reason: entry.kind === 'broken' ? entry.reason : 'unsupported',
    repairing: entry.kind === 'broken' && entry.messageKey !== undefined,
  }
}

function waitingView(core: Core, conversation: Conversation, item: OutboxRecord): TextMessageView[] {
  const { self } = core
  if (item.text === undefined || self === undefined) return []
  const view: TextMessageView = {
    kind: 'text',
    key: item.localId,
    seq: undefined,
    at: item.at,
    clientId: { device: self.deviceId, counter: item.counter },
    localId: item.localId,
    author: self.account,
    authorName: nameOf(core, self.account),
    own: true,
    text: item.text,
    replyTo: quoteOf(core, conversation, item.replyTo),
    state: item.failure === undefined ? 'waiting' : 'failed',
    failure: item.failure,
  }
  return [view]
}

function keyOf(device: string, counter: number): string {
  return `${device}:${String(counter)}`
}

/** The quoted message as far as it is loaded. */
function quoteOf(
  core: Core,
  { window }: Conversation,
  reply: TextRecord['replyTo'],
): TextMessageView['replyTo'] {
  if (reply === undefined) return undefined
  const quoted = window?.entries.findLast(
    (entry) => entry.kind === 'text' && entry.device === reply.device && entry.counter === reply.counter,
  )
  const key = keyOf(reply.device, reply.counter)
  if (quoted?.kind !== 'text') return { author: '', text: '', key }
  return { author: nameOf(core, quoted.account), text: quoted.text.slice(0, 300), key: quoted.localId ?? key }
}
