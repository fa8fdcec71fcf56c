/** One request after being away: what stands beyond the cursors, and what else has changed. */
import { chatRoutes, ProtocolError, suites, type ConversationHead, type ReplyOf } from '@brieftaube/protocol'
import { put } from '@brieftaube/storage'
import { refillKeyPackages } from '../account/key-packages.ts'
import { applyCard } from '../chat/cards.ts'
import { applyReceipts } from '../chat/receipts.ts'
import { save, touchConversation } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import { refreshContacts } from '../people/contacts.ts'
import type { ConversationRecord } from '../records.ts'
import { tables } from '../tables.ts'
import { OutOfOrderError } from './apply.ts'
import { hear, readToTheEnd } from './drain.ts'
import { joinByItself } from './join.ts'
import { resyncInLane } from './repair.ts'
import { followRestoreSoon } from './restored.ts'
import { takeWelcomes } from './welcome.ts'

type SyncReply = ReplyOf<typeof chatRoutes.sync>

const running = new WeakMap<Core, { current: Promise<void>; next: Promise<void> | undefined }>()

/** Whoever asks while one is under way gets the next one, which then has seen everything. */
export function sync(core: Core): Promise<void> {
  const state = running.get(core)
  if (state === undefined) return begin(core)
  state.next ??= state.current.catch(() => undefined).then(() => begin(core))
  return state.next
}

function begin(core: Core): Promise<void> {
  const current = syncOnce(core).finally(() => {
    if (running.get(core)?.current === current) running.delete(core)
  })
  running.set(core, { current, next: undefined })
  return current
}

export function syncSoon(core: Core): void {
  core.background.run('sync', () => sync(core))
}

async function syncOnce(core: Core): Promise<void> {
  // a conversation that the server has not taken yet would come back as gone
  const asked = [...core.conversations.values()]
    .filter(({ record, pending }) => record.status !== 'left' && pending?.kind !== 'create')
    .map(({ record }) => record)
  const cursors = asked.map(({ conversation, generation, seq }) => ({ conversation, generation, seq }))
  const reply = await core.api.call(chatRoutes.sync, { body: { since: core.sync.since, cursors } })
  if (core.sync.log !== undefined && reply.log !== core.sync.log) {
    followRestoreSoon(core)
    return
  }
  await applyReply(core, reply, new Map(asked.map((record) => [record.conversation, record])))
}

async function applyReply(
  core: Core,
  reply: SyncReply,
  asked: ReadonlyMap<string, ConversationRecord>,
): Promise<void> {
  if (reply.welcomes > 0 || reply.conversations.some((head) => head.joined && needsState(core, head)))
    await takeWelcomes(core)
  if (reply.contactsVersion !== core.sync.contactsVersion) await refreshContacts(core)
  for (const id of reply.gone) await markGone(core, id, asked.get(id))
  for (const head of reply.conversations) if (!needsState(core, head)) hearHead(core, head)
  for (const card of reply.cards) await applyCard(core, card)
  await applyReceipts(core, reply.receipts)
  for (const suite of Object.values(suites))
    refillKeyPackages(core, suite, reply.keyPackages[String(suite)] ?? 0)
  await joinMissing(core, reply.conversations)
  for (const head of reply.conversations) await seekLostLeaf(core, head, asked.get(head.conversation))
  for (const card of reply.cards) await applyCard(core, card)
  // a repair that was cut short by the network or the end of the tab
  for (const conversation of core.conversations.values())
    if (conversation.record.lostSince !== undefined) core.follow.repair(conversation, 'lost-track')
  core.sync = { since: reply.now, contactsVersion: reply.contactsVersion, log: reply.log }
  core.api.setLog(reply.log)
  await core.store.commit([put(tables.sync, ['self'], core.sync)])
}

function hearHead(core: Core, head: ConversationHead): void {
  const conversation = core.conversations.get(head.conversation)
  if (conversation !== undefined) hear(core, conversation, head.seq)
}

function needsState(core: Core, head: ConversationHead): boolean {
  const record = core.conversations.get(head.conversation)?.record
  return record?.status !== 'active'
}

/** A conversation of which nothing else brings the state: this device joins by itself, one after the other. */
async function joinMissing(core: Core, heads: readonly ConversationHead[]): Promise<void> {
  for (const head of heads) {
    if (core.closed || !needsState(core, head)) continue
    try {
      await joinByItself(core, head)
    } catch (thrown) {
      core.log('join-failed', { reason: thrown instanceof Error ? thrown.message : 'unknown' })
      core.background.after(3000, 'join-again', () => sync(core))
    }
  }
}

/** The server knows no leaf of this device, and nothing has changed here since it was asked. */
async function seekLostLeaf(
  core: Core,
  head: ConversationHead,
  asked: ConversationRecord | undefined,
): Promise<void> {
  const conversation = core.conversations.get(head.conversation)
  if (conversation === undefined || head.joined || asked?.status !== 'active') return
  await conversation.lane.run(async () => {
    const { generation, joinedSeq } = conversation.record
    const moved = generation !== asked.generation || joinedSeq !== asked.joinedSeq
    if (!moved && conversation.pending === undefined) await resyncInLane(core, conversation)
  })
}

/** What has moved on since it was asked about is decided by the next answer. */
async function markGone(
  core: Core,
  id: SyncReply['gone'][number],
  asked: ConversationRecord | undefined,
): Promise<void> {
  const conversation = core.conversations.get(id)
  if (conversation === undefined || conversation.record.status === 'left') return
  const { epoch, generation, status } = conversation.record
  if (asked?.epoch !== epoch || asked.generation !== generation || asked.status !== status) {
    core.background.after(1000, 'sync', () => sync(core))
    return
  }
  await conversation.lane.run(async () => {
    await readRest(core, conversation)
    if (conversation.record.status !== 'left') await save(core, conversation, { status: 'left' })
  })
  touchConversation(core, conversation)
}

/** What was said before this account was removed belongs to it. */
async function readRest(core: Core, conversation: Conversation): Promise<void> {
  try {
    await readToTheEnd(core, conversation)
  } catch (thrown) {
    if (thrown instanceof ProtocolError || thrown instanceof OutOfOrderError) return
    throw thrown
  }
}
