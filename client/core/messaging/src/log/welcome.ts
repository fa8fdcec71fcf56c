/** Welcomes: opened with the key package they are for, checked, stored, and only then reported as taken. */
import { joinByWelcome, welcomeRefs, wipe, type Joined } from '@brieftaube/encryption'
import { accountsOf } from '@brieftaube/group-policy'
import {
  chatRoutes,
  decodeWelcomes,
  encodeHex,
  type AccountId,
  type Bytes,
  type PendingWelcome,
} from '@brieftaube/protocol'
import { putMessages, remove } from '@brieftaube/storage'
import { addConversation, newRecord, save, setGroup } from '../conversation.ts'
import { selfOf, type Conversation, type Core } from '../core.ts'
import { pinSeenKeys } from '../people/pins.ts'
import type { ConversationRecord, KeyPackageRecord, StoredEvent } from '../records.ts'
import { groupChanges } from '../stored-group.ts'
import { tables } from '../tables.ts'
import { afterApplied } from './after.ts'
import { OutOfOrderError } from './apply.ts'
import { catchUp } from './drain.ts'
import { isForeign, linesAfterRestore, linesBetween } from './foreign-roster.ts'
import { withNotices } from './missed-notices.ts'
import { forgetBehind, replayInLane } from './replay.ts'
import { beginStep } from './step.ts'

const AGAIN_MS = 3000
const fetching = new WeakMap<Core, Promise<void>>()

/** One at a time; asked again while running means once more afterwards. */
export function takeWelcomes(core: Core): Promise<void> {
  const before = fetching.get(core) ?? Promise.resolve()
  const next = before.catch(() => undefined).then(() => fetchWelcomes(core))
  fetching.set(core, next)
  return next
}

async function fetchWelcomes(core: Core): Promise<void> {
  const welcomes = decodeWelcomes(await core.api.call(chatRoutes.welcomeList))
  for (const welcome of welcomes) {
    const { conversation: id, generation, epoch } = welcome
    try {
      await takeWelcome(core, welcome)
    } catch (thrown) {
      // not this Welcome's fault: it is fetched again
      core.log('welcome-failed', { reason: thrown instanceof Error ? thrown.message : 'unknown' })
      core.background.after(AGAIN_MS, 'welcome-again', () => takeWelcomes(core))
      continue
    }
    await core.api.call(chatRoutes.welcomeTaken, {
      params: { conversation: id },
      query: { generation, epoch },
    })
  }
}

async function takeWelcome(core: Core, welcome: PendingWelcome): Promise<void> {
  const found = await findKeyPackage(core, welcome.welcome)
  if (found === undefined) {
    core.log('welcome-refused', { reason: 'no-key-package' })
    return
  }
  const known = core.conversations.get(welcome.conversation)
  if (known !== undefined) await known.lane.run(() => rejoin(core, known, welcome, found))
  else await join(core, undefined, welcome, found)
}

/** A conversation that this device was in before: only a Welcome that leads further than its own state counts. */
async function rejoin(
  core: Core,
  conversation: Conversation,
  welcome: PendingWelcome,
  found: Found,
): Promise<void> {
  const { record } = conversation
  if (record.status === 'active' && record.generation === welcome.generation)
    await readUpTo(core, conversation, welcome.seq)
  const { status, generation, epoch, lostSince } = conversation.record
  const older =
    welcome.generation < generation || (welcome.generation === generation && welcome.epoch <= epoch)
  if (older && status !== 'joining') {
    core.log('welcome-refused', { reason: 'old' })
    return
  }
  // whoever has lost track has read on without following
  const follows = status === 'active' && welcome.generation === generation && lostSince === undefined
  if (follows && conversation.record.seq >= welcome.seq) {
    core.log('welcome-refused', { reason: 'not-in-the-log' })
    return
  }
  await join(core, conversation, welcome, found)
}

/** As far as the own state goes. Behind a removal that passed unnoticed the log has nothing for this account. */
async function readUpTo(core: Core, conversation: Conversation, seq: number): Promise<void> {
  conversation.target = Math.max(conversation.target, seq)
  try {
    await catchUp(core, conversation)
    await replayInLane(core, conversation)
  } catch (thrown) {
    if (!(thrown instanceof OutOfOrderError)) throw thrown
  }
}

interface Found {
  readonly ref: string
  readonly keyPackage: KeyPackageRecord
}

async function findKeyPackage(core: Core, welcome: Bytes): Promise<Found | undefined> {
  for (const ref of welcomeRefs(welcome)) {
    const name = encodeHex(ref)
    const keyPackage = await core.store.get(tables.keyPackages, [name])
    if (keyPackage !== undefined) return { ref: name, keyPackage }
  }
  return undefined
}

async function join(
  core: Core,
  known: Conversation | undefined,
  welcome: PendingWelcome,
  { ref, keyPackage }: Found,
): Promise<void> {
  const { conversation: id, generation, epoch } = welcome
  const joined = await joinByWelcome(selfOf(core).device, {
    welcome: welcome.welcome,
    keyPackage: keyPackage.bytes,
    keyPackageSecret: keyPackage.secret,
    conversation: id,
    generation,
    epoch,
  })
  if (joined.kind === 'refused') {
    core.log('welcome-refused', { reason: joined.reason, detail: joined.detail })
    return
  }
  const kind = joined.state.kind
  if (known !== undefined && isForeign(core, known.record, joined.state.roster)) {
    core.log('welcome-refused', { reason: 'other-people' })
    return
  }
  const conversation = known ?? addConversation(core, newRecord(id, kind, core.clock.now()))
  const used = keyPackage.kind === 'one-time' ? [remove(tables.keyPackages, [ref])] : []
  await storeJoined(core, conversation, welcome, joined, used)
}

async function storeJoined(
  core: Core,
  conversation: Conversation,
  welcome: PendingWelcome,
  joined: Joined,
  used: readonly ReturnType<typeof remove>[],
): Promise<void> {
  const { by } = joined
  const state = withNotices(joined.state, welcome.notices)
  const step = beginStep(conversation)
  step.group = state
  step.pending = undefined
  step.rosterChanged.yes = true
  const at = core.clock.now()
  const { seq, head, generation } = welcome
  // who was out for a while is told of the group as it is, who never left of every change
  const known = step.record.status === 'left' ? [] : step.record.accounts
  const { accountsBefore } = step.record
  const lines =
    accountsBefore === undefined
      ? linesBetween(known, state.roster, by.account)
      : linesAfterRestore(accountsBefore, state.roster)
  const events = [...lines, lineOf(core, state.kind, by.account)]
  step.entries.push({ seq, at, generation, head, kind: 'plain', events })
  const pins = await pinSeenKeys(core, step)
  const patch: Partial<ConversationRecord> = {
    status: 'active',
    generation,
    epoch: state.epoch,
    seq,
    head,
    joinedSeq: seq,
    lostSince: undefined,
    accountsBefore: undefined,
    accounts: accountsOf(state.roster),
    warned: step.record.warned,
    broken: step.record.broken.filter((each) => each < seq),
    lastActivityAt: at,
    ...peerOf(core, state.kind, accountsOf(state.roster)),
  }
  const id = welcome.conversation
  const readBefore = conversation.record.seq
  if (readBefore >= seq) forgetBehind(conversation, seq - 1)
  await save(core, conversation, patch, [
    ...groupChanges(conversation, state),
    remove(tables.pending, [id]),
    putMessages(id, step.entries),
    ...used,
    ...pins,
  ])
  setGroup(core, conversation, state)
  conversation.pending = undefined
  conversation.target = Math.max(conversation.target, seq, readBefore)
  conversation.heads.set(seq, head)
  if (conversation.window !== undefined)
    conversation.window = {
      ...conversation.window,
      entries: [...conversation.window.entries, ...step.entries],
    }
  wipe(joined.erase)
  step.record = conversation.record
  afterApplied(core, conversation, step)
}

function lineOf(core: Core, kind: 'direct' | 'group', by: AccountId): StoredEvent {
  const own = selfOf(core).account
  if (by === own) return { kind: 'device-added', who: own }
  return kind === 'direct' ? { kind: 'created', by } : { kind: 'members-added', by, who: [own] }
}

export function peerOf(
  core: Core,
  kind: 'direct' | 'group',
  accounts: readonly AccountId[],
): { peer?: AccountId } {
  const peer = accounts.find((account) => account !== selfOf(core).account)
  return kind === 'direct' && peer !== undefined ? { peer } : {}
}
