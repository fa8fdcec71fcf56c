/**
 * Making a commit and seeing it through. The old state stays beside the pending one until the log shows who won; the same
 * bytes are posted again while the answer is unknown; after a lost race the wish is planned anew on what is there then.
 */
import { encodePending, makeCommit, type CommitPlan, type GroupState } from '@brieftaube/encryption'
import {
  chatRoutes,
  encodeCommitBundle,
  ProtocolError,
  type Bytes,
  type Committed,
} from '@brieftaube/protocol'
import { remove } from '@brieftaube/storage'
import { loadGroup, savePending } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import { fail, isUncertain } from '../failure.ts'
import { catchUp } from '../log/drain.ts'
import type { IntentRecord, PendingRecord, Wish } from '../records.ts'
import { takeCounter } from '../send/outbox.ts'
import { tables } from '../tables.ts'
import { createClaims, planOf, type Claims } from './plan.ts'

const ATTEMPTS = 40

/**
 * Inside the lane. Resolves when the wish is fulfilled; rejects when it is refused (then nothing of it stays) or when the
 * server cannot be reached (then it stays and is taken up again).
 */
export async function carryOut(
  core: Core,
  conversation: Conversation,
  wish: Wish,
  intent: IntentRecord | undefined,
): Promise<void> {
  const claims = createClaims(core)
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0)
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(attempt, 10) * 30))
      if (await attemptOnce(core, conversation, wish, intent, claims)) return
    }
    throw new ProtocolError('busy', 'too many changes at once', { retryAfterMs: 1000 })
  } catch (thrown) {
    if (intent !== undefined && !isUncertain(thrown)) await dropIntent(core, conversation, intent)
    throw thrown
  }
}

/** true: the wish is fulfilled. */
async function attemptOnce(
  core: Core,
  conversation: Conversation,
  wish: Wish,
  intent: IntentRecord | undefined,
  claims: Claims,
): Promise<boolean> {
  if (conversation.pending !== undefined) await seeThrough(core, conversation)
  await catchUp(core, conversation)
  const group = await loadGroup(core, conversation)
  if (group === undefined || conversation.record.status !== 'active') fail('forbidden', 'not a member')
  const plan = await planOf(group, wish, claims)
  if (plan === undefined) {
    if (intent !== undefined) await dropIntent(core, conversation, intent)
    return true
  }
  await propose(core, conversation, group, plan, intent)
  await seeThrough(core, conversation)
  return false
}

async function propose(
  core: Core,
  conversation: Conversation,
  group: GroupState,
  plan: CommitPlan,
  intent: IntentRecord | undefined,
): Promise<void> {
  const made = await makeCommit(group, plan)
  if (made.kind === 'refused') fail('commit-refused', made.detail)
  const counter = takeCounter(conversation)
  const { generation, epoch, conversation: id } = group
  const { commit, groupInfo } = made
  const welcome: Bytes = made.welcome ?? new Uint8Array(0)
  const pending: PendingRecord = {
    conversation: id,
    kind: 'commit',
    counter,
    generation,
    epoch,
    state: encodePending(made.pending),
    bundle: encodeCommitBundle({ generation, epoch, counter, commit, welcome, groupInfo }),
    commit,
    ...(intent === undefined ? {} : { intent: intent.id }),
  }
  await savePending(core, conversation, pending)
}

/**
 * Posts what waits, the same bytes each time, and follows the log until it shows the outcome. Afterwards nothing is
 * pending, or it rejects because the server could not be reached.
 */
export async function seeThrough(core: Core, conversation: Conversation): Promise<void> {
  const { pending } = conversation
  if (pending === undefined) return
  try {
    const { seq } = await post(core, pending)
    conversation.target = Math.max(conversation.target, seq)
    await catchUp(core, conversation)
    if (conversation.pending !== pending) return
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError) || isUncertain(thrown) || thrown.code === 'rate-limited')
      throw thrown
    conversation.target = Math.max(conversation.target, thrown.head?.seq ?? 0)
    if (!isLostRace(thrown)) {
      await dropPending(core, conversation)
      throw thrown
    }
  }
  await dropPending(core, conversation)
  await catchUp(core, conversation)
}

function isLostRace({ code }: ProtocolError): boolean {
  return code === 'stale-epoch' || code === 'commit-required' || code === 'conflict'
}

function post(core: Core, pending: PendingRecord): Promise<Committed> {
  const { conversation, kind, bundle } = pending
  switch (kind) {
    case 'create':
      return core.api.call(chatRoutes.conversationCreate, { body: bundle })
    case 'reset':
      return core.api.call(chatRoutes.conversationReset, { params: { conversation }, body: bundle })
    case 'commit':
    case 'join':
      return core.api.call(chatRoutes.commitAppend, { params: { conversation }, body: bundle })
  }
}

async function dropPending(core: Core, conversation: Conversation): Promise<void> {
  if (conversation.pending === undefined) return
  conversation.pending = undefined
  await core.store.commit([remove(tables.pending, [conversation.record.conversation])])
}

async function dropIntent(core: Core, conversation: Conversation, intent: IntentRecord): Promise<void> {
  conversation.intents = conversation.intents.filter(({ id }) => id !== intent.id)
  await core.store.commit([remove(tables.intents, [intent.conversation, intent.id])])
}
