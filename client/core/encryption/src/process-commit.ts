/** Following the commits of others. */
import { decodeMlsMessage, emptyPskIndex, processPublicMessage } from 'ts-mls'
import {
  decodeCommit,
  judgeCommit,
  sameRoster,
  type Change,
  type CommitSummary,
  type RosterLeaf,
} from '@brieftaube/group-policy'
import { MalformedError, type DeviceId } from '@brieftaube/protocol'
import { epochSecrets } from './commit.ts'
import { groupState, withRoster, type GroupState } from './group-state.ts'
import { mlsSuite } from './mls-suite.ts'
import { guarded, refuse, type Outcome, type Refused } from './outcome.ts'

export interface CommitEntry {
  /** The commit's bytes: an MLSMessage. */
  readonly mls: Uint8Array
  /** The device that the log names; when given, it must be the committer's. */
  readonly device?: DeviceId | undefined
}

export interface ProcessedCommit {
  /** `status` is 'removed' when the commit removed this device. */
  readonly state: GroupState
  readonly changes: readonly Change[]
  /** The authenticated committer. */
  readonly by: RosterLeaf
  readonly erase: readonly Uint8Array[]
}

/** The policy judges before the library sees a byte, and the library's result must be what the policy derived. */
export function processCommit(state: GroupState, entry: CommitEntry): Promise<Outcome<ProcessedCommit>> {
  return guarded(async () => {
    if (state.status === 'removed') return refuse('removed')
    const summary = decodeCommit(entry.mls)
    const misplaced = placeProblem(state, summary, entry)
    if (misplaced !== undefined) return misplaced
    const judgement = judgeCommit(state.roster, summary)
    if (judgement.kind === 'refused') return refuse('policy', judgement.reason)
    const { roster, changes, committer: by } = judgement
    const message = decodeMlsMessage(entry.mls, 0)?.[0]
    if (message?.wireformat !== 'mls_public_message') throw new MalformedError('not a PublicMessage')
    const suite = await mlsSuite(state.suite)
    const { newState } = await processPublicMessage(state.mls, message.publicMessage, emptyPskIndex, suite)
    const erase = epochSecrets(state)
    if (newState.groupActiveState.kind !== 'active') {
      // a removed device cannot derive the new epoch; only the roster goes on, so that it can show who is left
      return { kind: 'ok', state: withRoster(newState, roster, summary.groupId), changes, by, erase } as const
    }
    const next = groupState(newState, roster.pending)
    if (!sameRoster(next.roster, roster)) return refuse('policy', 'roster-mismatch')
    return { kind: 'ok', state: next, changes, by, erase } as const
  })
}

function placeProblem(state: GroupState, summary: CommitSummary, entry: CommitEntry): Refused | undefined {
  const { groupId, epoch, sender, pathLeaf } = summary
  if (groupId.conversation !== state.conversation || groupId.generation !== state.generation)
    return refuse('wrong-conversation')
  if (epoch < state.epoch) return refuse('too-old')
  if (epoch > state.epoch) return refuse('unknown-epoch')
  const committer = sender.kind === 'member' ? state.roster.leaves[sender.leaf] : pathLeaf
  if (committer === undefined) return refuse('wrong-sender', 'no such leaf')
  if (entry.device !== undefined && committer.device !== entry.device) return refuse('wrong-sender')
  const own = state.roster.leaves[state.ownLeaf]
  return own?.device === committer.device ? refuse('own-message') : undefined
}
