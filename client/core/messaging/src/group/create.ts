/** New conversations: the group, its first commit and everybody's Welcome in one request. */
import {
  createGroup,
  encodePending,
  makeCommit,
  makeGroupInfo,
  randomId,
  suiteFor,
  type GroupState,
} from '@brieftaube/encryption'
import { accountsOf } from '@brieftaube/group-policy'
import {
  chatRoutes,
  encodeGroupCreation,
  limits,
  ProtocolError,
  type AccountId,
  type ConversationId,
} from '@brieftaube/protocol'
import { put } from '@brieftaube/storage'
import {
  addConversation,
  forgetConversation,
  newRecord,
  save,
  setGroup,
  touchConversation,
} from '../conversation.ts'
import { selfOf, type Conversation, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import { sync } from '../log/sync.ts'
import type { PendingRecord } from '../records.ts'
import { outboxRow, putRow, takeCounter } from '../send/outbox.ts'
import { groupChanges } from '../stored-group.ts'
import { tables } from '../tables.ts'
import { seeThrough } from './carry-out.ts'
import { directs } from './directs.ts'
import { firstAdds } from './plan.ts'
import { readTitle } from './title.ts'

const opening = new WeakMap<Core, Map<AccountId, Promise<ConversationId>>>()

/** Finds or makes the direct conversation; twice at once makes one. */
export function openDirect(core: Core, peer: AccountId): Promise<ConversationId> {
  const running = opening.get(core) ?? new Map<AccountId, Promise<ConversationId>>()
  opening.set(core, running)
  const known = running.get(peer)
  if (known !== undefined) return known
  const result = findOrMakeDirect(core, peer).finally(() => running.delete(peer))
  running.set(peer, result)
  return result
}

function directWith(core: Core, peer: AccountId): Conversation | undefined {
  return directs(core).get(peer)
}

async function findOrMakeDirect(core: Core, peer: AccountId): Promise<ConversationId> {
  const known = directWith(core, peer)
  if (known !== undefined) return known.record.conversation
  if (peer === selfOf(core).account) fail('forbidden', 'the own account')
  const existing = await core.api.call(chatRoutes.directConversation, { params: { account: peer } })
  if (existing.conversation !== undefined) return takeExisting(core, peer, existing.conversation)
  try {
    return await create(core, randomId<ConversationId>(), { kind: 'direct', peer }, [peer], undefined)
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError && thrown.code === 'conflict')) throw thrown
    const { conversation } = await core.api.call(chatRoutes.directConversation, { params: { account: peer } })
    if (conversation === undefined) throw thrown
    return takeExisting(core, peer, conversation)
  }
}

/** The other side, or another device of this account, was first. */
async function takeExisting(core: Core, peer: AccountId, id: ConversationId): Promise<ConversationId> {
  await sync(core)
  const conversation = core.conversations.get(id) ?? fail('unavailable', 'the conversation is being prepared')
  if (conversation.record.peer === undefined) await save(core, conversation, { peer })
  return id
}

/** The command's id names the group, so that the same command twice makes one. */
export async function createGroupWith(
  core: Core,
  input: { title: string; members: readonly AccountId[] },
  commandId: ConversationId | undefined,
): Promise<ConversationId> {
  const own = selfOf(core).account
  const members = [...new Set(input.members)].filter((account) => account !== own)
  const title = readTitle(input.title)
  const id = commandId ?? randomId<ConversationId>()
  const known = core.conversations.get(id)
  if (known !== undefined) {
    await known.lane.run(() => seeThrough(core, known))
    return id
  }
  return create(core, id, { kind: 'group' }, members, title)
}

async function create(
  core: Core,
  id: ConversationId,
  members: { kind: 'direct'; peer: AccountId } | { kind: 'group' },
  others: readonly AccountId[],
  title: string | undefined,
): Promise<ConversationId> {
  const { device } = selfOf(core)
  // the post-quantum suite fits as long as everybody has a handful of devices
  const suite = suiteFor((others.length + 1) * Math.ceil(limits.postQuantumMaxLeaves / 50))
  const state = await createGroup(device, {
    conversation: id,
    generation: 0,
    suite,
    nowMs: core.clock.now(),
    members,
  })
  const groupInfo = await makeGroupInfo(state)
  const made = await makeCommit(state, await firstAdds(core, others, suite))
  if (made.kind === 'refused') fail('commit-refused', made.detail)
  const peer = members.kind === 'direct' ? { peer: members.peer } : {}
  const fresh = { ...newRecord(id, members.kind, core.clock.now()), status: 'active' as const, ...peer }
  const conversation = addConversation(core, fresh)
  const counter = takeCounter(conversation)
  const { commit, welcome = new Uint8Array(0) } = made
  const firstCommit = { generation: 0, epoch: 0, counter, commit, welcome, groupInfo: made.groupInfo }
  const pending: PendingRecord = {
    conversation: id,
    kind: 'create',
    counter,
    generation: 0,
    epoch: 0,
    state: encodePending(made.pending),
    bundle: encodeGroupCreation({ conversation: id, groupInfo, firstCommit }),
    commit,
  }
  await conversation.lane.run(() => begin(core, conversation, state, pending, title))
  touchConversation(core, conversation)
  core.follow.send(conversation)
  return id
}

/** Everything is stored before the request; the title is the first message. */
async function begin(
  core: Core,
  conversation: Conversation,
  state: GroupState,
  pending: PendingRecord,
  title: string | undefined,
): Promise<void> {
  const id = pending.conversation
  const shown = { localId: randomId<ConversationId>() }
  const row =
    title === undefined ? undefined : outboxRow(core, conversation, { kind: 'group-info', title }, shown)
  conversation.pending = pending
  setGroup(core, conversation, state)
  try {
    await save(core, conversation, { accounts: accountsOf(state.roster) }, [
      ...groupChanges(conversation, state),
      put(tables.pending, [id], pending),
      ...(row === undefined ? [] : [putRow(row.row), row.named]),
    ])
  } catch (thrown) {
    // nothing of it is stored, so nothing of it may be sent
    core.conversations.delete(id)
    core.hub.touch('conversations')
    throw thrown
  }
  try {
    await seeThrough(core, conversation)
  } catch (thrown) {
    // without an answer the request is repeated later; a refused conversation never was
    if (conversation.pending === undefined) await forgetConversation(core, conversation)
    throw thrown
  }
  if (conversation.record.seq === 0) {
    await forgetConversation(core, conversation)
    throw new ProtocolError('conflict', 'the conversation exists already')
  }
}
