/**
 * One conversation after the server was restored from a backup. What the log no longer has stays visible here, between the
 * last common entry and a line that says why. Then the log is followed again: with the same state where the group has not
 * moved in what was lost, otherwise by joining again.
 */
import {
  ProtocolError,
  MalformedError,
  type ConversationHead,
  type LogIncarnation,
} from '@brieftaube/protocol'
import { cutMessages, put, putMessages, remove, removeRange, type Change } from '@brieftaube/storage'
import { loadGroup, save, setGroup, touchConversation } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import type { ConversationRecord, OutboxRecord, StoredEntry } from '../records.ts'
import { groupChanges } from '../stored-group.ts'
import { tables } from '../tables.ts'
import { joinInLane } from './join.ts'
import { lastCommon, type CommonPlace } from './last-common.ts'
import { showWhatWasMissed } from './missed-entries.ts'

const SHOWN = 50

/** While the lane stands still. `head`: where the restored log stands; `undefined`: it does not have this conversation. */
export async function reconcileInLane(
  core: Core,
  conversation: Conversation,
  { log, head }: { log: LogIncarnation; head: ConversationHead | undefined },
): Promise<void> {
  const group = await loadGroup(core, conversation)
  const { record, pending } = conversation
  if (pending?.kind === 'create' || (record.status === 'left' && head === undefined)) return
  const told = record.warned.includes(markOf(log))
  if (head === undefined) {
    if (!told) await endHere(core, conversation, log)
    return
  }
  const common = record.status === 'joining' ? undefined : await lastCommon(core, record, head)
  // who has left since the backup is a member again
  const follows =
    record.status === 'active' &&
    common !== undefined &&
    record.lostSince === undefined &&
    group?.generation === common.generation &&
    group.epoch === common.epoch
  if (follows && common.seq === record.seq) return
  if (!told) await keepWhatWasLost(core, conversation, { log, head, common, follows })
  if (!follows) await joinAgain(core, conversation, common)
  touchConversation(core, conversation)
}

/** One line per conversation and restore, also when this is interrupted and begun again. */
function markOf(log: LogIncarnation): string {
  return `restored:${log}`
}

interface Found {
  readonly log: LogIncarnation
  readonly head: ConversationHead
  readonly common: CommonPlace | undefined
  readonly follows: boolean
}

/** The numbers of what was lost are given anew by the server: these lines move between two of them. */
async function keepWhatWasLost(core: Core, conversation: Conversation, found: Found): Promise<void> {
  const { record } = conversation
  const id = record.conversation
  const seq = found.common?.seq ?? Math.min(record.seq, found.head.seq)
  const lost = await core.store.messages.pageAfter<StoredEntry>(id, seq, Number.MAX_SAFE_INTEGER)
  const kept = between(seq, [...lost, restoredLine(core, record)])
  const end = kept.at(-1)?.seq ?? seq
  const changes: Change[] = [cutMessages(id, seq), putMessages(id, kept)]
  const patch: Partial<ConversationRecord> = {
    seq,
    head: found.common?.head ?? record.head,
    readSeq: record.readSeq >= record.seq ? end : Math.min(record.readSeq, seq),
    receipts: cappedAt(record.receipts, seq),
    broken: record.broken.filter((each) => each <= seq),
    warned: [...record.warned, markOf(found.log)],
    lastActivityAt: core.clock.now(),
    preview: { kind: 'system', event: { kind: 'restored' }, seq: end },
  }
  if (found.follows) await save(core, conversation, patch, changes)
  else await giveUpPlace(core, conversation, { ...patch, generation: found.head.generation }, changes)
  conversation.hints.clear()
  conversation.target = seq
  for (const each of conversation.heads.keys()) if (each > seq) conversation.heads.delete(each)
  await refreshWindow(core, conversation)
}

/** The group went on in what was lost, and its keys for the place before that are wiped: only joining leads back. */
async function giveUpPlace(
  core: Core,
  conversation: Conversation,
  patch: Partial<ConversationRecord>,
  changes: readonly Change[],
): Promise<void> {
  const { record } = conversation
  const id = record.conversation
  // an epoch of the same number will come again, with other keys: nothing goes out under the old ones
  const outbox = conversation.outbox.map(({ sealed: _, ...row }): OutboxRecord => row)
  await save(
    core,
    conversation,
    { ...patch, status: 'joining', epoch: 0, lostSince: undefined, accountsBefore: record.accounts },
    [
      ...changes,
      ...groupChanges(conversation, undefined),
      remove(tables.pending, [id]),
      ...outbox.map((row) => put(tables.outbox, [id, row.counter], row)),
    ],
  )
  conversation.outbox = outbox
  conversation.pending = undefined
  setGroup(core, conversation, undefined)
}

async function joinAgain(
  core: Core,
  conversation: Conversation,
  common: CommonPlace | undefined,
): Promise<void> {
  try {
    await joinInLane(core, conversation, true)
    if (common !== undefined) await showWhatWasMissed(core, conversation, common)
  } catch (thrown) {
    const refused = thrown instanceof ProtocolError || thrown instanceof MalformedError
    // it stays "joining": the next sync tries again, or a Welcome brings it back
    if (!refused) throw thrown
    core.log('join-after-restore-failed', { reason: thrown.message })
  }
  await refreshWindow(core, conversation)
}

/** The restored server knows nothing of it: what was said stays here, and nothing more can be said. */
async function endHere(core: Core, conversation: Conversation, log: LogIncarnation): Promise<void> {
  const { record } = conversation
  const id = record.conversation
  const [line] = between(record.seq, [restoredLine(core, record)])
  if (line === undefined) return
  await save(
    core,
    conversation,
    {
      status: 'left',
      warned: [...record.warned, markOf(log)],
      lastActivityAt: line.at,
      preview: { kind: 'system', event: { kind: 'restored' }, seq: line.seq },
    },
    [putMessages(id, [line]), remove(tables.pending, [id]), removeRange(tables.intents, [id])],
  )
  conversation.pending = undefined
  conversation.intents = []
  await refreshWindow(core, conversation)
  touchConversation(core, conversation)
}

function restoredLine(core: Core, { seq, generation, head }: ConversationRecord): StoredEntry {
  return { seq, at: core.clock.now(), generation, head, kind: 'plain', events: [{ kind: 'restored' }] }
}

/** Places after `seq` and before the next whole number. */
function between(seq: number, lines: readonly StoredEntry[]): StoredEntry[] {
  return lines.map((line, index) => ({ ...line, seq: seq + (index + 1) / (lines.length + 1) }))
}

function cappedAt(receipts: ConversationRecord['receipts'], seq: number): ConversationRecord['receipts'] {
  return Object.fromEntries(
    Object.entries(receipts).map(([account, { delivered, read }]) => [
      account,
      { delivered: Math.min(delivered, seq), read: Math.min(read, seq) },
    ]),
  )
}

async function refreshWindow(core: Core, conversation: Conversation): Promise<void> {
  const { window, record } = conversation
  if (window === undefined) return
  const count = Math.max(SHOWN, window.entries.length + 1)
  const entries = await core.store.messages.tail<StoredEntry>(record.conversation, count)
  conversation.window = { ...window, entries, more: window.more || entries.length === count }
}
