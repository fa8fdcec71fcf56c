/**
 * Joining by external commit: a further device of an account comes into its conversations by itself, and a device that
 * has lost track comes back (resync). What was said between the GroupInfo and the own commit cannot be read.
 */
import { encodeState, externalJoin } from '@brieftaube/encryption'
import {
  chatRoutes,
  decodeJoinPoint,
  encodeCommitBundle,
  ProtocolError,
  type ConversationHead,
  type JoinPoint,
} from '@brieftaube/protocol'
import { addConversation, newRecord, save, savePending, touchConversation } from '../conversation.ts'
import { selfOf, type Conversation, type Core } from '../core.ts'
import { seeThrough } from '../group/carry-out.ts'
import type { PendingRecord } from '../records.ts'
import { takeCounter } from '../send/outbox.ts'
import { OutOfOrderError } from './apply.ts'
import { catchUp } from './drain.ts'
import { isForeign } from './foreign-roster.ts'
import { withNotices } from './missed-notices.ts'
import { peerOf } from './welcome.ts'

const ATTEMPTS = 20
const FOLLOW_ROUNDS = 5

/** A conversation of the account in which this device has no state yet. */
export async function joinByItself(core: Core, head: ConversationHead): Promise<void> {
  const known = core.conversations.get(head.conversation)
  const record = { ...newRecord(head.conversation, head.kind, core.clock.now()), joinedLater: true }
  const conversation = known ?? addConversation(core, record)
  if (known === undefined) await save(core, conversation, {})
  await conversation.lane.run(async () => {
    if (conversation.record.status === 'active' && conversation.pending?.kind !== 'join') return
    await joinInLane(core, conversation, false)
  })
  touchConversation(core, conversation)
  core.follow.send(conversation)
}

/** Inside the lane. `resync`: this device has a leaf whose state it cannot follow any more. */
export async function joinInLane(core: Core, conversation: Conversation, resync: boolean): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (conversation.pending?.kind !== 'join') await propose(core, conversation, resync)
    const { joinedSeq } = conversation.record
    await seeThrough(core, conversation)
    if (conversation.record.status === 'active' && conversation.record.joinedSeq > joinedSeq) break
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * (attempt + 1)))
  }
  await catchUp(core, conversation)
  const { kind, accounts, peer } = conversation.record
  if (peer === undefined) await save(core, conversation, peerOf(core, kind, accounts))
}

async function propose(core: Core, conversation: Conversation, resync: boolean): Promise<void> {
  const id = conversation.record.conversation
  const point = await followToJoinPoint(core, conversation)
  const { generation, epoch } = conversation.record
  const known = point.generation === generation && conversation.group !== undefined
  const joined = await externalJoin(selfOf(core).device, {
    groupInfo: point.groupInfo,
    conversation: id,
    generation: point.generation,
    ...(known ? { minEpoch: epoch } : {}),
    nowMs: core.clock.now(),
  })
  if (joined.kind === 'refused' || point.generation < generation)
    throw new ProtocolError('conflict', 'the group cannot be joined now')
  if (isForeign(core, conversation.record, joined.state.roster))
    throw new ProtocolError('conflict', 'a group of other people')
  const counter = takeCounter(conversation)
  const base = joined.state.epoch - 1
  const bundle = {
    generation: point.generation,
    epoch: base,
    counter,
    commit: joined.commit,
    welcome: new Uint8Array(0),
  }
  const pending: PendingRecord = {
    conversation: id,
    kind: 'join',
    counter,
    generation: point.generation,
    epoch: base,
    state: encodeState(withNotices(joined.state, point.notices)),
    bundle: encodeCommitBundle({ ...bundle, groupInfo: joined.groupInfo }),
    commit: joined.commit,
    resync: resync || joined.resync,
    by: joined.by.account,
  }
  await beginJoin(core, conversation, point, pending)
}

/** Whoever is in the group reads on as far as its state goes: what a jump passes over would be lost without a word. */
async function followToJoinPoint(core: Core, conversation: Conversation): Promise<JoinPoint> {
  const { conversation: id } = conversation.record
  for (let round = 0; ; round++) {
    const point = decodeJoinPoint(await core.api.call(chatRoutes.groupInfo, { params: { conversation: id } }))
    const { status, generation, seq } = conversation.record
    const canFollow = status === 'active' && generation === point.generation && seq < point.seq
    if (!canFollow || round === FOLLOW_ROUNDS) return point
    conversation.target = Math.max(conversation.target, point.seq)
    try {
      await catchUp(core, conversation)
    } catch (thrown) {
      // the chain is broken here: only the jump leads on
      if (thrown instanceof OutOfOrderError) return point
      throw thrown
    }
  }
}

/** The cursor jumps to the join point; a resync that has followed the log that far keeps its own cursor and chain. */
async function beginJoin(
  core: Core,
  conversation: Conversation,
  point: JoinPoint,
  pending: PendingRecord,
): Promise<void> {
  const { record } = conversation
  const follows =
    record.generation === point.generation && record.seq >= point.seq && record.status === 'active'
  const jump = {
    generation: point.generation,
    seq: point.seq,
    head: point.head,
    joinedSeq: point.seq,
  } as const
  if (!follows) conversation.hints.clear()
  const patch = { ...jump, epoch: pending.epoch, status: 'joining' } as const
  await savePending(core, conversation, pending, follows ? {} : patch)
  if (!follows) conversation.target = Math.max(conversation.target, point.seq)
}
