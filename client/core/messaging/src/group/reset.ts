/**
 * The last rung of repair: a new generation with the same people, from fresh key packages. The roster is the last one that
 * this device has verified, never what the server shows.
 */
import {
  createGroup,
  encodePending,
  encodeState,
  makeCommit,
  makeGroupInfo,
  suiteFor,
} from '@brieftaube/encryption'
import { accountsOf, effectiveAdmins, seatedLeaves } from '@brieftaube/group-policy'
import { encodeGroupCreation } from '@brieftaube/protocol'
import { loadGroup, savePending } from '../conversation.ts'
import { selfOf, type Conversation, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import type { PendingRecord } from '../records.ts'
import { takeCounter } from '../send/outbox.ts'
import { seeThrough } from './carry-out.ts'
import { firstAdds } from './plan.ts'

/** Only inside the lane. Rejects when it is refused or the server cannot be reached. */
export async function resetInLane(core: Core, conversation: Conversation): Promise<void> {
  const known = await loadGroup(core, conversation)
  if (known === undefined || conversation.record.status !== 'active') return
  const { device, account } = selfOf(core)
  const { conversation: id, peer } = conversation.record
  const generation = known.generation + 1
  const others = accountsOf(known.roster).filter((each) => each !== account)
  const members = peer === undefined ? ({ kind: 'group' } as const) : ({ kind: 'direct', peer } as const)
  const suite = suiteFor(seatedLeaves(known.roster).length)
  const state = await createGroup(device, {
    conversation: id,
    generation,
    suite,
    nowMs: core.clock.now(),
    members,
  })
  const groupInfo = await makeGroupInfo(state)
  const admins = peer === undefined ? { admins: effectiveAdmins(known.roster) } : {}
  const made = await makeCommit(state, { ...(await firstAdds(core, others, suite)), ...admins })
  if (made.kind === 'refused') fail('commit-refused', made.detail)
  const counter = takeCounter(conversation)
  const { commit, welcome = new Uint8Array(0) } = made
  const firstCommit = { generation, epoch: 0, counter, commit, welcome, groupInfo: made.groupInfo }
  const pending: PendingRecord = {
    conversation: id,
    kind: 'reset',
    counter,
    generation,
    epoch: 0,
    state: encodePending(made.pending),
    base: encodeState(state),
    bundle: encodeGroupCreation({ conversation: id, groupInfo, firstCommit }),
    commit,
  }
  await savePending(core, conversation, pending)
  await seeThrough(core, conversation)
}
