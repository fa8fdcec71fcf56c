/**
 * The repair ladder (after catching up, one at a time, at most hourly per conversation): fetch broken entries again →
 * read the log again from the saved state (`replay.ts`) → join again by external commit → a reset with the people that are known. Resets of others: `apply-commit.ts`.
 */
import { openBody } from '@brieftaube/encryption'
import {
  chatRoutes,
  decodeEntries,
  limits,
  MalformedError,
  ProtocolError,
  type Entry,
} from '@brieftaube/protocol'
import { putMessages } from '@brieftaube/storage'
import { decodeContent } from '@brieftaube/content'
import { loadGroup, save, touchConversation } from '../conversation.ts'
import type { Conversation, Core, Trouble } from '../core.ts'
import { isUncertain } from '../failure.ts'
import type { BrokenRecord, ConversationRecord, StoredEntry } from '../records.ts'
import { resetInLane } from '../group/reset.ts'
import { distrusted } from './apply-commit.ts'
import { catchUp } from './drain.ts'
import { joinInLane } from './join.ts'
import { replayInLane } from './replay.ts'

const HOUR_MS = 3600 * 1000
const SOON_MS = 300
const waiting = new WeakSet<Conversation>()

export function repairSoon(core: Core, conversation: Conversation, trouble: Trouble): void {
  if (waiting.has(conversation)) return
  waiting.add(conversation)
  core.background.after(SOON_MS, 'repair', async () => {
    waiting.delete(conversation)
    if (core.connection !== 'online' || conversation.record.status !== 'active') return
    await conversation.lane.run(() => repair(core, conversation, trouble))
  })
}

async function repair(core: Core, conversation: Conversation, trouble: Trouble): Promise<void> {
  await catchUp(core, conversation)
  // a Welcome or another repair may have led on meanwhile
  const followsAgain = trouble === 'lost-track' && conversation.record.lostSince === undefined
  if (trouble === 'broken') await mendBodies(core, conversation)
  else if (!followsAgain && !(await replayInLane(core, conversation))) await resyncInLane(core, conversation)
  touchConversation(core, conversation)
}

/** Inside the lane, at most hourly: this device's leaf is replaced by a fresh one. */
export async function resyncInLane(core: Core, conversation: Conversation): Promise<void> {
  const now = core.clock.now()
  const { record } = conversation
  if (record.status !== 'active' || now - record.repairedAt < HOUR_MS) return
  core.log('resync', { generation: record.generation })
  try {
    await joinOrReset(core, conversation, record)
  } catch (thrown) {
    // what the network cut short was no repair: the next sync begins it again
    if (isUncertain(thrown)) throw thrown
    await save(core, conversation, { repairedAt: now })
    // whoever is no member any more learns it so
    core.follow.sync()
    throw thrown
  }
  await save(core, conversation, { repairedAt: now })
}

async function joinOrReset(
  core: Core,
  conversation: Conversation,
  record: ConversationRecord,
): Promise<void> {
  if (record.warned.includes(distrusted(record.generation))) return resetInLane(core, conversation)
  try {
    await joinInLane(core, conversation, true)
  } catch (thrown) {
    const refused = thrown instanceof ProtocolError && thrown.code === 'conflict'
    const cannotJoin = refused || thrown instanceof MalformedError
    if (!cannotJoin) throw thrown
    await resetInLane(core, conversation)
  }
}

/** The frame was authentic but its body was not: another copy may be. */
async function mendBodies(core: Core, conversation: Conversation): Promise<void> {
  await loadGroup(core, conversation)
  const { conversation: id, broken } = conversation.record
  const mended: StoredEntry[] = []
  for (const seq of broken) {
    const record = await core.store.messages.get<StoredEntry>(id, seq)
    if (record?.kind !== 'broken' || record.messageKey === undefined) continue
    const entry = await refetch(core, conversation, seq)
    const fixed = entry === undefined ? undefined : await reopen(record, entry)
    if (fixed !== undefined) mended.push(fixed)
  }
  const left = broken.filter((seq) => !mended.some((entry) => entry.seq === seq))
  if (left.length === broken.length) return
  await save(core, conversation, { broken: left }, [putMessages(id, mended)])
  const { window } = conversation
  if (window === undefined) return
  const entries = window.entries.map((entry) => mended.find((each) => each.seq === entry.seq) ?? entry)
  conversation.window = { ...window, entries }
}

async function refetch(core: Core, conversation: Conversation, seq: number): Promise<Entry | undefined> {
  const params = { conversation: conversation.record.conversation }
  const query = { after: seq - 1, limit: Math.min(1, limits.pageEntries) }
  return decodeEntries(await core.api.call(chatRoutes.logPage, { params, query }))[0]
}

async function reopen(record: BrokenRecord, entry: Entry): Promise<StoredEntry | undefined> {
  const { messageKey, bodyHash, account, device, counter } = record
  if (messageKey === undefined || bodyHash === undefined || account === undefined || entry.seq !== record.seq)
    return undefined
  const body = await openBody({ messageKey, bodyHash }, entry.body)
  if (body.kind === 'refused') return undefined
  const { content } = decodeContent(body.content)
  const base = { seq: record.seq, at: record.at, generation: record.generation, head: record.head }
  const keys = { device, counter, account, messageKey, bodyHash }
  if (content.kind !== 'text') return { ...base, ...keys, kind: 'unsupported', content: body.content }
  return { ...base, ...keys, kind: 'text', text: content.text }
}
