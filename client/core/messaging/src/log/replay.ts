/**
 * Reading again from the saved state: what arrived here may not be what the log holds. A group's state stays where it was
 * when it could not follow, so that the log's own entries can still be tried on it.
 */
import { advanceChain } from '@brieftaube/encryption'
import { equalBytes } from '@brieftaube/protocol'
import { save } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import type { ConversationRecord, StoredEntry } from '../records.ts'
import { catchUp, readPage } from './drain.ts'

/** Only inside the lane. true: the state follows the log again. */
export async function replayInLane(core: Core, conversation: Conversation): Promise<boolean> {
  const { lostSince, seq, status } = conversation.record
  if (lostSince === undefined || status !== 'active' || conversation.pending !== undefined) return false
  if (!(await differs(core, conversation, lostSince))) return false
  core.log('replay', { entries: seq - lostSince.seq })
  await goBack(core, conversation, lostSince)
  conversation.target = Math.max(conversation.target, seq)
  await catchUp(core, conversation)
  return conversation.record.lostSince === undefined
}

type Place = NonNullable<ConversationRecord['lostSince']>

/** The same bytes would only be refused again. */
async function differs(core: Core, conversation: Conversation, since: Place): Promise<boolean> {
  const id = conversation.record.conversation
  const [next] = await readPage(core, id, since.seq)
  if (next === undefined) return false
  const link = advanceChain(since, next)
  const stored = await core.store.messages.get<StoredEntry>(id, next.seq)
  return link.kind !== 'refused' && stored !== undefined && !equalBytes(link.link.head, stored.head)
}

/** The entries behind are written over as they are read again. */
async function goBack(core: Core, conversation: Conversation, { seq, head }: Place): Promise<void> {
  const { generation, warned, broken } = conversation.record
  const refused = `${String(generation)}:refused-change`
  await save(core, conversation, {
    seq,
    head,
    lostSince: undefined,
    warned: warned.filter((name) => name !== refused),
    broken: broken.filter((each) => each <= seq),
  })
  forgetBehind(conversation, seq)
}

/** In memory: what stands behind `seq` is read anew. */
export function forgetBehind(conversation: Conversation, seq: number): void {
  conversation.hints.clear()
  for (const each of conversation.heads.keys()) if (each > seq) conversation.heads.delete(each)
  const { window } = conversation
  if (window !== undefined)
    conversation.window = { ...window, entries: window.entries.filter((entry) => entry.seq <= seq) }
}
