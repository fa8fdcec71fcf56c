/**
 * Sending, one message at a time per conversation: encrypt, store the new state with the ciphertext, send, wait for the
 * answer. The same bytes go out again until they are answered; only when the epoch has moved on (so that the server can
 * never have taken them) are they encrypted anew, under the same client id.
 */
import { sealMessage, wipe } from '@brieftaube/encryption'
import { outstandingRemovals } from '@brieftaube/group-policy'
import type { Change } from '@brieftaube/storage'
import type { Appended } from '@brieftaube/protocol'
import { loadGroup, reloadConversation, save, setGroup, touchConversation } from '../conversation.ts'
import { selfOf, type Answer, type Conversation, type Core } from '../core.ts'
import { carryOut } from '../group/carry-out.ts'
import { findMissedNotices } from '../log/missed-notices.ts'
import { catchUp, hear } from '../log/drain.ts'
import { answerKey } from '../log/after.ts'
import type { OutboxRecord, SealedMessage } from '../records.ts'
import { groupChanges } from '../stored-group.ts'
import { failMessage, putRow, replaceRow } from './outbox.ts'

const ANSWER_MS = 15_000
const STALE_LIMIT = 8

/** Begins to send if nobody is at it. */
export function wakePump(core: Core, conversation: Conversation): void {
  if (conversation.pumping || conversation.outbox.length === 0 || core.connection !== 'online') return
  conversation.pumping = true
  core.background.run('send', async () => {
    try {
      await pump(core, conversation)
    } finally {
      conversation.pumping = false
    }
  })
}

async function pump(core: Core, conversation: Conversation): Promise<void> {
  let refusals = 0
  while (!core.closed && core.connection === 'online') {
    const next = conversation.outbox.find((item) => item.failure === undefined)
    if (next === undefined) return
    const sealed = await conversation.lane.run(() => prepare(core, conversation, next.counter))
    if (sealed === 'wait') return
    if (sealed === 'gone') continue
    const answer = await transmit(core, conversation, next.counter, sealed)
    if (answer.kind === 'lost') {
      await pause(core, 200 + Math.random() * 300)
      continue
    }
    if (answer.kind === 'applied') {
      refusals = 0
      continue
    }
    if (answer.answer.error === undefined) {
      refusals = 0
      await arrived(core, conversation, next.counter, sealed, answer.answer)
      continue
    }
    refusals++
    if (!(await recover(core, conversation, next, answer.answer, refusals))) return
  }
}

/** Inside the lane: the bytes that are to go out now, or why not. */
async function prepare(
  core: Core,
  conversation: Conversation,
  counter: number,
): Promise<SealedMessage | 'wait' | 'gone'> {
  const group = await loadGroup(core, conversation)
  const item = conversation.outbox.find((each) => each.counter === counter)
  if (item === undefined || item.failure !== undefined) return 'gone'
  if (conversation.record.status === 'left') {
    await failMessage(core, conversation, counter, { code: 'forbidden', message: 'no longer a member' })
    return 'gone'
  }
  if (
    group === undefined ||
    conversation.record.status !== 'active' ||
    conversation.pending?.kind === 'create'
  )
    return 'wait'
  if (conversation.keyChanged.length > 0 || peerIsBlocked(core, conversation)) return 'wait'
  if (outstandingRemovals(group.roster).length > 0) {
    await carryOut(core, conversation, { kind: 'removals' }, undefined)
    if (!conversation.outbox.includes(item)) return 'gone'
  }
  const current = conversation.group
  if (current === undefined || conversation.record.status !== 'active' || conversation.keyChanged.length > 0)
    return 'wait'
  const usable = item.sealed?.epoch === current.epoch && item.sealed.generation === current.generation
  return usable && item.sealed !== undefined ? item.sealed : sealRow(core, conversation, item)
}

export function peerIsBlocked(core: Core, { record }: Conversation): boolean {
  return record.peer !== undefined && core.contacts.get(record.peer)?.state === 'blocked'
}

/** Nothing else is to be done first: a message can be stored and encrypted in one go. */
export function goesAtOnce(core: Core, conversation: Conversation): boolean {
  const { group, lane, outbox, pending, record, keyChanged } = conversation
  if (!lane.idle || outbox.length > 0 || pending !== undefined || core.connection !== 'online') return false
  if (group === undefined || record.status !== 'active' || keyChanged.length > 0) return false
  return !peerIsBlocked(core, conversation) && outstandingRemovals(group.roster).length === 0
}

/** Inside the lane: the next state, the ciphertext and whatever belongs to it are stored in one transaction. */
export async function sealRow(
  core: Core,
  conversation: Conversation,
  item: OutboxRecord,
  changes: readonly Change[] = [],
): Promise<SealedMessage | 'gone' | 'wait'> {
  const { group, record } = conversation
  if (group === undefined) return 'wait'
  const { generation, seq, head } = record
  const clientId = { device: selfOf(core).deviceId, counter: item.counter }
  const lastSeen = { generation, seq, head }
  const result = await sealMessage(group, { content: item.content, clientId, lastSeen })
  if (result.kind === 'refused') {
    await save(core, conversation, {}, [putRow(item), ...changes])
    const code = result.reason === 'too-large' ? 'too-large' : 'internal'
    await failMessage(core, conversation, item.counter, { code, message: result.reason })
    return 'gone'
  }
  const { mls, body, opened } = result
  const sealed = { generation: group.generation, epoch: group.epoch, mls, body, ...opened }
  const row = { ...item, sealed }
  replaceRow(conversation, row)
  try {
    await save(core, conversation, {}, [...changes, ...groupChanges(conversation, result.state), putRow(row)])
  } catch (thrown) {
    await reloadConversation(core, conversation).catch(() => undefined)
    throw thrown
  }
  setGroup(core, conversation, result.state)
  wipe(result.erase)
  return sealed
}

function transmit(
  core: Core,
  conversation: Conversation,
  counter: number,
  sealed: SealedMessage,
): Promise<Answer> {
  const key = answerKey(conversation, counter)
  return new Promise((resolve) => {
    const timer = setTimeout(() => done({ kind: 'lost' }), ANSWER_MS)
    function done(answer: Answer): void {
      clearTimeout(timer)
      core.answers.delete(key)
      resolve(answer)
    }
    core.answers.set(key, done)
    const { generation, epoch, mls, body } = sealed
    const append = { conversation: conversation.record.conversation, generation, epoch, counter, mls, body }
    if (core.socket?.send('append', append) !== true) done({ kind: 'lost' })
  })
}

/** The answer says where it stands, so that the own entry is known without reading it from the log. */
async function arrived(
  core: Core,
  conversation: Conversation,
  counter: number,
  sealed: SealedMessage,
  { seq, at }: Appended,
): Promise<void> {
  const { generation, epoch, mls, body } = sealed
  const id = conversation.record.conversation
  const device = selfOf(core).deviceId
  hear(core, conversation, {
    conversation: id,
    generation,
    seq,
    epoch,
    kind: 'message',
    device,
    counter,
    at,
    mls,
    body,
  })
  await conversation.lane.run(() => catchUp(core, conversation))
  if (conversation.record.seq >= seq && conversation.outbox.some((item) => item.counter === counter)) {
    // the log went past that place without this message: the server said one thing and showed another
    await failMessage(core, conversation, counter, {
      code: 'internal',
      message: 'accepted, but not in the log',
    })
  }
}

/** What a refusal asks for; false: stop until something changes. */
async function recover(
  core: Core,
  conversation: Conversation,
  item: OutboxRecord,
  answer: Appended,
  refusals: number,
): Promise<boolean> {
  const { error, retryAfterMs } = answer
  switch (error) {
    case 'stale-epoch':
    case 'commit-required': {
      conversation.target = Math.max(conversation.target, answer.seq)
      await conversation.lane.run(async () => {
        await catchUp(core, conversation)
        if (error === 'commit-required') await findNotices(core, conversation)
      })
      if (refusals >= STALE_LIMIT) {
        core.follow.repair(conversation, 'stale')
        return false
      }
      if (refusals > 1) await pause(core, refusals * 100 * Math.random())
      return true
    }
    case 'rate-limited':
    case 'busy':
    case 'unavailable':
    case 'internal':
      await pause(core, Math.max(retryAfterMs, 250) * (1 + Math.random() / 4))
      return true
    case 'unauthenticated':
      core.socket?.reconnect()
      return false
    case 'not-found':
    case 'forbidden':
      core.follow.sync()
      break
    default:
  }
  await failMessage(core, conversation, item.counter, {
    code: error ?? 'internal',
    message: 'refused by the server',
  })
  touchConversation(core, conversation)
  return true
}

async function findNotices(core: Core, conversation: Conversation): Promise<void> {
  const { group } = conversation
  if (group !== undefined && outstandingRemovals(group.roster).length === 0)
    await findMissedNotices(core, conversation)
}

function pause(core: Core, delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, core.closed ? 0 : delayMs))
}
