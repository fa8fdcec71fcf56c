/** Read and delivered: cursors that only rise, sent at most every half second. */
import { limits, type ConversationId, type Receipt } from '@brieftaube/protocol'
import { put } from '@brieftaube/storage'
import { save, touchConversation } from '../conversation.ts'
import { conversationOf, selfOf, type Conversation, type Core } from '../core.ts'
import type { StoredEntry } from '../records.ts'
import { tables } from '../tables.ts'

const due = new WeakMap<Core, Map<ConversationId, { delivered?: number; read?: number }>>()

export function reportDelivered(core: Core, conversation: Conversation): void {
  report(core, conversation.record.conversation, { delivered: conversation.record.seq })
}

function report(
  core: Core,
  conversation: ConversationId,
  cursor: { delivered?: number; read?: number },
): void {
  const waiting = due.get(core)
  if (waiting !== undefined) {
    waiting.set(conversation, { ...waiting.get(conversation), ...cursor })
    return
  }
  due.set(core, new Map([[conversation, cursor]]))
  core.background.after(limits.receiptCoalesceMs, 'receipts', async () => {
    const all = due.get(core) ?? new Map<ConversationId, { delivered?: number; read?: number }>()
    due.delete(core)
    for (const [id, each] of all) core.socket?.send('receipt', { conversation: id, ...each })
    return Promise.resolve()
  })
}

/** On connecting: the server may have missed what was reported while the connection broke. */
export function reportAll(core: Core): void {
  for (const { record } of core.conversations.values()) {
    if (record.status !== 'active' || record.seq === 0) continue
    const read =
      core.settings.sendReadReceipts && record.readSeq >= 1 ? { read: Math.floor(record.readSeq) } : {}
    report(core, record.conversation, { delivered: record.seq, ...read })
  }
}

/** What is on screen up to `seq` is read. */
export async function markRead(core: Core, id: ConversationId, seq: number): Promise<void> {
  const conversation = conversationOf(core, id)
  const upTo = Math.min(seq, conversation.record.seq)
  if (upTo <= conversation.record.readSeq) return
  await setRead(core, conversation, upTo)
  if (core.settings.sendReadReceipts) report(core, id, { read: Math.floor(upTo) })
}

async function setRead(core: Core, conversation: Conversation, seq: number): Promise<void> {
  conversation.record = { ...conversation.record, readSeq: seq }
  const unread = await countUnread(core, conversation, seq)
  await save(core, conversation, { unread })
  touchConversation(core, conversation)
}

/** Counts what others wrote after `seq`; what is applied meanwhile is counted by whoever applies it. */
async function countUnread(core: Core, conversation: Conversation, seq: number): Promise<number> {
  const { conversation: id, seq: last } = conversation.record
  if (seq >= last) return 0
  const before = conversation.record.unread
  const entries = await core.store.messages.pageAfter<StoredEntry>(id, seq, 1000)
  const own = selfOf(core).account
  const counted = entries.filter(
    (entry) =>
      entry.seq <= last && (entry.kind === 'text' || entry.kind === 'unsupported') && entry.account !== own,
  ).length
  const since = Math.max(0, conversation.record.unread - before)
  return counted + since
}

/** Cursors of members, the own account's other devices included. */
export async function applyReceipts(core: Core, receipts: readonly Receipt[]): Promise<void> {
  const own = selfOf(core).account
  const changed = new Set<Conversation>()
  for (const { conversation: id, account, delivered, read } of receipts) {
    const conversation = core.conversations.get(id)
    if (conversation === undefined) continue
    if (account === own) {
      if (read > conversation.record.readSeq)
        await setRead(core, conversation, Math.min(read, conversation.record.seq))
      continue
    }
    const known = conversation.record.receipts[account] ?? { delivered: 0, read: 0 }
    const next = { delivered: Math.max(known.delivered, delivered, read), read: Math.max(known.read, read) }
    if (next.delivered === known.delivered && next.read === known.read) continue
    const { record } = conversation
    conversation.record = { ...record, receipts: { ...record.receipts, [account]: next } }
    changed.add(conversation)
  }
  if (changed.size === 0) return
  const records = [...changed].map(({ record }) => record)
  await core.store.commit(records.map((record) => put(tables.conversations, [record.conversation], record)))
  for (const conversation of changed) touchConversation(core, conversation)
}
