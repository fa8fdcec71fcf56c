/** A message row: opened, compared with what its sender had seen, and turned into what is stored. */
import { decodeContent } from '@brieftaube/content'
import { openMessage, type LastSeen } from '@brieftaube/encryption'
import { equalBytes, MalformedError, type AccountId, type Bytes, type Entry } from '@brieftaube/protocol'
import type { Conversation, Core } from '../core.ts'
import { selfOf } from '../core.ts'
import type { BrokenRecord, StoredEntry, StoredEvent } from '../records.ts'
import { warn, type Step } from './step.ts'

interface Base {
  readonly seq: number
  readonly at: number
  readonly generation: number
  readonly head: Bytes
}

export async function applyMessage(
  core: Core,
  conversation: Conversation,
  step: Step,
  entry: Entry,
  base: Base,
): Promise<StoredEntry> {
  if (entry.device === selfOf(core).deviceId) return applyOwn(core, conversation, step, entry, base)
  const { group } = step
  if (group === undefined || isBeforeJoining(step, entry)) return { ...base, kind: 'plain' }
  const origin = { device: entry.device, counter: entry.counter }
  const member = group.roster.leaves.find((leaf) => leaf?.device === entry.device)
  const from = { ...base, ...origin, ...(member === undefined ? {} : { account: member.account }) }
  // the state stays as it was, so that the log can be read again from there
  if (step.record.lostSince !== undefined) return broken(from, 'lost-track', 'the group moved on unseen')
  if (entry.epoch < group.epoch) {
    // whoever was removed still has the keys of the epoch before; the log takes nothing of it any more
    const events = withEvents(warn(step, 'reordered'))
    return { ...broken(from, 'wrong-epoch', 'sealed before the group changed'), ...events }
  }
  const result = await openMessage(group, entry)
  if (result.kind === 'refused') return broken(from, result.reason, result.detail)
  step.group = result.state
  step.erase.push(...result.erase)
  const { messageKey, bodyHash, lastSeen } = result.opened
  const { account } = result.sender
  const events = await compareHistory(core, conversation, step, entry, lastSeen)
  const common = { ...base, ...origin, account, messageKey, bodyHash, ...withEvents(events) }
  if (result.kind === 'body-refused') return { ...common, ...broken(common, result.reason, 'body') }
  step.fromOthers.push(entry.seq)
  if (result.content === undefined) return { ...common, kind: 'unsupported', content: new Uint8Array(0) }
  return readContent(step, common, result.content)
}

type MessageBase = Base & {
  readonly device: Entry['device']
  readonly counter: number
  readonly account: AccountId
  readonly messageKey?: Bytes | undefined
  readonly bodyHash?: Bytes | undefined
  readonly events?: readonly StoredEvent[] | undefined
}

/** Content of a message whose sender is authenticated. */
function readContent(step: Step, base: MessageBase, bytes: Bytes): StoredEntry {
  try {
    const { content } = decodeContent(bytes)
    switch (content.kind) {
      case 'text': {
        const { text, replyTo } = content
        const reply =
          replyTo === undefined ? {} : { replyTo: { device: replyTo.device, counter: replyTo.counter } }
        return { ...base, kind: 'text', text, ...reply }
      }
      case 'group-info':
        return {
          ...base,
          kind: 'plain',
          ...withEvents([...(base.events ?? []), ...titled(step, base, content.title)]),
        }
      case 'unsupported':
        return { ...base, kind: 'unsupported', content: content.raw }
    }
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown
    return { ...base, ...broken(base, 'malformed', 'content') }
  }
}

/** A first title needs no line: the conversation simply has one. */
function titled(step: Step, base: MessageBase, title: string): StoredEvent[] {
  const before = step.record.title
  if (step.record.kind !== 'group' || before === title) return []
  step.title = { text: title, by: base.account }
  step.record = { ...step.record, title }
  return before === '' ? [] : [{ kind: 'title-changed', by: base.account, title }]
}

/** What was sent here is known here: the outbox row becomes the message, if the log carries its very bytes. */
async function applyOwn(
  core: Core,
  conversation: Conversation,
  step: Step,
  entry: Entry,
  base: Base,
): Promise<StoredEntry> {
  const { account, deviceId } = selfOf(core)
  const own = conversation.outbox.find((item) => item.counter === entry.counter)
  const origin = { device: deviceId, counter: entry.counter, account }
  if (own?.sealed === undefined || step.arrived.has(entry.counter)) {
    const events = withEvents(warn(step, 'forked'))
    return {
      ...broken({ ...base, ...origin }, 'own-message', 'not in the outbox'),
      reason: 'altered',
      ...events,
    }
  }
  const { sealed } = own
  if (!equalBytes(sealed.mls, entry.mls) || !equalBytes(sealed.body, entry.body)) {
    const events = withEvents(warn(step, 'forked'))
    return { ...broken({ ...base, ...origin }, 'own-message', 'other bytes'), reason: 'altered', ...events }
  }
  step.arrived.set(entry.counter, own)
  const keys = { messageKey: sealed.messageKey, bodyHash: sealed.bodyHash }
  const read = readContent(step, { ...base, ...origin, ...keys }, own.content)
  return Promise.resolve(read.kind === 'text' ? { ...read, localId: own.localId } : read)
}

/**
 * What the sender had seen must be what this device has: an entry that was dropped, moved or replaced for one of the two
 * shows with the next message that crosses.
 */
async function compareHistory(
  core: Core,
  conversation: Conversation,
  step: Step,
  entry: Entry,
  seen: LastSeen,
): Promise<StoredEvent[]> {
  if (seen.seq >= entry.seq) return warn(step, 'gap')
  if (seen.seq === 0 || seen.seq < step.record.joinedSeq) return []
  const known = await headAt(core, conversation, step, seen.seq)
  if (known === undefined || equalBytes(known, seen.head)) return []
  return warn(step, 'forked')
}

async function headAt(
  core: Core,
  conversation: Conversation,
  step: Step,
  seq: number,
): Promise<Bytes | undefined> {
  const recent = step.heads.find(([other]) => other === seq)?.[1] ?? conversation.heads.get(seq)
  if (recent !== undefined) return recent
  const stored = await core.store.messages.get<StoredEntry>(conversation.record.conversation, seq)
  return stored?.head
}

/** Between the point from which this device joined by itself and its own commit nothing can be opened. */
function isBeforeJoining(step: Step, entry: Entry): boolean {
  return step.record.status !== 'active' || entry.seq <= step.record.joinedSeq
}

function broken(
  base: Base & Partial<Omit<MessageBase, keyof Base>> & Pick<MessageBase, 'device' | 'counter'>,
  refusal: string,
  detail: string,
): BrokenRecord {
  const altered = [
    'wrong-sender',
    'wrong-conversation',
    'body-mismatch',
    'replayed',
    'wrong-epoch',
    'not-authentic',
  ]
  const reason = altered.includes(refusal) ? 'altered' : 'cannot-open'
  return { ...base, kind: 'broken', reason, detail: `${refusal}: ${detail}` }
}

function withEvents(events: readonly StoredEvent[]): { events?: readonly StoredEvent[] } {
  return events.length === 0 ? {} : { events }
}
