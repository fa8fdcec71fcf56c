/**
 * Applying entries strictly in order: everything is computed beside the current state, then group state, cursor, head,
 * opened messages and outbox go down in one transaction, then consumed keys are wiped.
 */
import { advanceChain, wipe } from '@brieftaube/encryption'
import type { Entry } from '@brieftaube/protocol'
import { putMessages, remove, type Change } from '@brieftaube/storage'
import { reloadConversation, rememberHead, save, setGroup, touchConversation } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import { afterApplied } from './after.ts'
import { applyCommit, applyNoticeRow, applyReset } from './apply-commit.ts'
import { applyMessage } from './apply-message.ts'
import { pinSeenKeys } from '../people/pins.ts'
import type { ConversationRecord, StoredEntry, StoredEvent, StoredPreview } from '../records.ts'
import { beginStep, warn, type Step } from './step.ts'
import { groupChanges } from '../stored-group.ts'
import { tables } from '../tables.ts'

const SHOWN_AHEAD = 8

/** The log handed out something that is not the next entry. */
export class OutOfOrderError extends Error {
  override readonly name = 'OutOfOrderError'
}

/** Only inside the lane; `entries` ascend. Throws `OutOfOrderError` before anything is changed. */
export async function applyEntries(
  core: Core,
  conversation: Conversation,
  entries: readonly Entry[],
): Promise<void> {
  const step = beginStep(conversation)
  for (const entry of entries) {
    const { seq, head } = step.record
    const applied = await applyEntry(core, conversation, step, entry)
    if (step.lostTrack && step.record.lostSince === undefined)
      step.record = { ...step.record, lostSince: { seq, head } }
    step.entries.push(applied)
    step.heads.push([applied.seq, applied.head])
    step.record = { ...step.record, seq: applied.seq, head: applied.head }
  }
  const pins = step.rosterChanged.yes ? await pinSeenKeys(core, step) : []
  showAhead(core, conversation, step)
  try {
    await save(core, conversation, patchOf(conversation, step), [...changesOf(conversation, step), ...pins])
  } catch (thrown) {
    const { window } = conversation
    if (window !== undefined) conversation.window = { ...window, coming: [] }
    touchConversation(core, conversation)
    await reloadConversation(core, conversation).catch(() => undefined)
    throw thrown
  }
  settle(core, conversation, step)
  wipe(step.erase)
  afterApplied(core, conversation, step)
}

async function applyEntry(
  core: Core,
  conversation: Conversation,
  step: Step,
  entry: Entry,
): Promise<StoredEntry> {
  const { conversation: id, seq, head } = step.record
  const advanced = advanceChain({ seq, head }, entry)
  if (advanced.kind === 'refused' || entry.conversation !== id)
    throw new OutOfOrderError(`after ${String(seq)}`)
  const base = { seq: entry.seq, at: entry.at, generation: entry.generation, head: advanced.link.head }
  if (entry.kind === 'reset') return plain(base, applyReset(step, entry))
  if (entry.generation !== step.record.generation) return plain(base, warn(step, 'reordered'))
  switch (entry.kind) {
    case 'message':
      return applyMessage(core, conversation, step, entry, base)
    case 'commit':
    case 'external-commit':
      return plain(base, await applyCommit(core, step, entry))
    case 'notice':
      return plain(base, applyNoticeRow(core, step, entry))
  }
}

function plain(base: Omit<StoredEntry, 'kind'>, events: readonly StoredEvent[]): StoredEntry {
  const { seq, at, generation, head } = base
  return { seq, at, generation, head, kind: 'plain', ...(events.length === 0 ? {} : { events }) }
}

/** What the log decides; drafts, receipts and the read cursor may have moved meanwhile and stay as they are. */
function patchOf(conversation: Conversation, step: Step): Partial<ConversationRecord> {
  const { record } = step
  const { readSeq, unread, broken } = conversation.record
  const preview = previewOf(step)
  const at = step.entries.findLast((entry) => showsSomething(entry))?.at
  const added = step.entries.flatMap((entry) => (entry.kind === 'broken' ? [entry.seq] : []))
  return {
    status: record.status,
    generation: record.generation,
    epoch: record.epoch,
    seq: record.seq,
    head: record.head,
    accounts: record.accounts,
    title: record.title,
    joinedSeq: record.joinedSeq,
    warned: record.warned,
    lostSince: record.lostSince,
    accountsBefore: record.accountsBefore,
    unread: unread + step.fromOthers.filter((seq) => seq > readSeq).length,
    ...(added.length === 0 ? {} : { broken: [...broken, ...added].slice(-100) }),
    ...(preview === undefined ? {} : { preview }),
    ...(at === undefined ? {} : { lastActivityAt: at }),
  }
}

function showsSomething(entry: StoredEntry): boolean {
  return entry.kind !== 'plain' || (entry.events?.length ?? 0) > 0
}

function previewOf(step: Step): StoredPreview | undefined {
  const entry = step.entries.findLast((each) => each.kind !== 'broken' && showsSomething(each))
  if (entry === undefined) return undefined
  if (entry.kind === 'text')
    return { kind: 'text', text: entry.text.slice(0, 200), account: entry.account, seq: entry.seq }
  if (entry.kind === 'unsupported') return { kind: 'unsupported', seq: entry.seq }
  const event = entry.events?.at(-1)
  return event === undefined ? undefined : { kind: 'system', event, seq: entry.seq }
}

function changesOf(conversation: Conversation, step: Step): Change[] {
  const id = conversation.record.conversation
  const changes: Change[] = [putMessages(id, step.entries)]
  if (step.group !== conversation.group) changes.push(...groupChanges(conversation, step.group))
  if (conversation.pending !== undefined && step.pending === undefined)
    changes.push(remove(tables.pending, [id]))
  for (const counter of step.arrived.keys()) changes.push(remove(tables.outbox, [id, counter]))
  for (const intent of step.doneIntents) changes.push(remove(tables.intents, [id, intent]))
  return changes
}

/**
 * A few messages of others, as they come while both are online, need not wait for the disk to be seen: what is not
 * stored after all comes again from the log. Delivered they are once they are stored.
 */
function showAhead(core: Core, conversation: Conversation, step: Step): void {
  const { window } = conversation
  const few = step.entries.length <= SHOWN_AHEAD && step.entries.every((entry) => entry.kind === 'text')
  if (window === undefined || !few || step.arrived.size > 0) return
  conversation.window = { ...window, coming: step.entries }
  core.hub.touch('messages', conversation.record.conversation)
  core.hub.hurry()
}

/** Memory follows what was written. */
function settle(core: Core, conversation: Conversation, step: Step): void {
  if (step.group !== conversation.group || step.rosterChanged.yes) setGroup(core, conversation, step.group)
  conversation.pending = step.pending
  conversation.outbox = conversation.outbox.filter((item) => !step.arrived.has(item.counter))
  conversation.intents = conversation.intents.filter((intent) => !step.doneIntents.includes(intent.id))
  for (const [seq, head] of step.heads) rememberHead(conversation, seq, head)
  for (const seq of conversation.hints.keys()) if (seq <= step.record.seq) conversation.hints.delete(seq)
  const { window } = conversation
  if (window !== undefined) {
    conversation.window = { ...window, entries: [...window.entries, ...step.entries], coming: [] }
  }
}
