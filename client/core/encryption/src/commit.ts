/** Making a commit, and adopting it once the server has accepted it. */
import { createCommit, encodeMlsMessage, type Proposal } from 'ts-mls'
import {
  decodeCommit,
  decodeKeyPackage,
  dueRules,
  encodeEvidence,
  encodeRules,
  judgeCommit,
  maxEvidence,
  noticeNames,
  outstandingRemovals,
  noticeProblem,
  rulesExtensionType,
  rulesOf,
  sameRoster,
  seatedLeaves,
  sortIds,
  type Change,
  type CommitSummary,
  type GroupRules,
  type Notice,
} from '@brieftaube/group-policy'
import { equalBytes, type AccountId, type Bytes } from '@brieftaube/protocol'
import { makeGroupInfo } from './create-group.ts'
import { groupState, type GroupState } from './group-state.ts'
import { parseKeyPackage } from './key-package.ts'
import { mlsSuite } from './mls-suite.ts'
import { guarded, refuse, type Outcome, type Refused } from './outcome.ts'
import type { PendingCommit } from './pending-commit.ts'

export interface CommitPlan {
  /** Key packages (MLSMessages) of the devices to add. */
  readonly adds?: readonly Bytes[] | undefined
  /** Leaf indices. What signed notices ask for is removed in any case. */
  readonly removes?: readonly number[] | undefined
  /** The new list of admins; accounts that this commit adds may be among them. */
  readonly admins?: readonly AccountId[] | undefined
}

export interface CommitBundle {
  readonly pending: PendingCommit
  /** MLSMessage with a PublicMessage. */
  readonly commit: Bytes
  /** MLSMessage, when somebody is added. */
  readonly welcome: Bytes | undefined
  /** MLSMessage, of the new epoch. */
  readonly groupInfo: Bytes
  readonly changes: readonly Change[]
}

/**
 * The old state stays the current one until the server has answered: keep it and the encoded `pending` together, post the
 * same bytes again after a time-out, drop `pending` on a conflict. An empty plan renews the own keys.
 */
export function makeCommit(state: GroupState, plan: CommitPlan = {}): Promise<Outcome<CommitBundle>> {
  return guarded(async () => {
    if (state.status === 'removed') return refuse('removed')
    const draft = draftCommit(state, plan)
    if (draft.removes.includes(state.ownLeaf)) return refuse('removed', 'a notice names this device')
    const suite = await mlsSuite(state.suite)
    const result = await createCommit(
      { state: state.mls, cipherSuite: suite },
      {
        wireAsPublicMessage: true,
        ratchetTreeExtension: true,
        extraProposals: proposalsOf(draft, plan.adds ?? []),
        authenticatedData: encodeEvidence(draft.evidence),
      },
    )
    const commit = Uint8Array.from(encodeMlsMessage(result.commit))
    const judgement = judgeCommit(state.roster, decodeCommit(commit))
    if (judgement.kind === 'refused') return refuse('policy', judgement.reason)
    const next = groupState(result.newState, judgement.roster.pending)
    if (!sameRoster(next.roster, judgement.roster)) return refuse('policy', 'roster-mismatch')
    const welcome =
      result.welcome &&
      encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: result.welcome })
    const pending = { baseEpoch: state.epoch, commit, next, changes: judgement.changes }
    const groupInfo = await makeGroupInfo(next)
    return {
      kind: 'ok',
      pending,
      commit,
      welcome: welcome && Uint8Array.from(welcome),
      groupInfo,
      changes: judgement.changes,
    } as const
  })
}

interface Draft extends Pick<CommitSummary, 'adds' | 'removes' | 'evidence'> {
  readonly rules: GroupRules | undefined
}

function draftCommit(state: GroupState, plan: CommitPlan): Draft {
  const { roster } = state
  const adds = (plan.adds ?? []).map((bytes) => decodeKeyPackage(bytes))
  const evidence = usableNotices(state)
  const named = seatedLeaves(roster).filter((leaf) => evidence.some((notice) => noticeNames(notice, leaf)))
  const removes = [...new Set([...(plan.removes ?? []), ...named.map((leaf) => leaf.index)])].sort(
    (a, b) => a - b,
  )
  const due = dueRules(roster, { adds, removes, evidence })
  const wanted = plan.admins === undefined ? due : { ...due, admins: sortIds(plan.admins) }
  const changed = !equalBytes(encodeRules(wanted), encodeRules(rulesOf(roster)))
  return { adds, removes, evidence, rules: changed ? wanted : undefined }
}

function usableNotices({ roster, conversation, generation, epoch }: GroupState): readonly Notice[] {
  const where = { groupId: { conversation, generation }, epoch }
  const due = outstandingRemovals(roster).flatMap((index) => roster.leaves[index] ?? [])
  return roster.pending
    .filter((notice) => due.some((leaf) => noticeNames(notice, leaf)))
    .filter((notice) => noticeProblem(roster, notice, where) === undefined)
    .slice(0, maxEvidence)
}

function proposalsOf(draft: Draft, adds: readonly Bytes[]): Proposal[] {
  return [
    ...draft.removes.map((removed): Proposal => ({ proposalType: 'remove', remove: { removed } })),
    ...adds.map((bytes): Proposal => ({ proposalType: 'add', add: { keyPackage: parseKeyPackage(bytes) } })),
    ...(draft.rules === undefined ? [] : [rulesProposal(draft.rules)]),
  ]
}

function rulesProposal(rules: GroupRules): Proposal {
  const extensions = [{ extensionType: rulesExtensionType, extensionData: encodeRules(rules) }]
  return { proposalType: 'group_context_extensions', groupContextExtensions: { extensions } }
}

export interface Adopted {
  readonly kind: 'ok'
  readonly state: GroupState
  readonly changes: readonly Change[]
  readonly erase: readonly Uint8Array[]
}

/** The server took the commit: `pending` becomes the state. Messages of the old epoch that came meanwhile stay opened. */
export function adoptCommit(state: GroupState, pending: PendingCommit): Adopted | Refused {
  if (pending.baseEpoch !== state.epoch) return refuse('wrong-epoch', 'the group has moved on')
  const { next } = pending
  const history = new Map(next.mls.historicalReceiverData)
  const past = history.get(BigInt(state.epoch))
  // the ratchets of the old epoch as they are now, not as they were when the commit was made
  if (past !== undefined) history.set(BigInt(state.epoch), { ...past, secretTree: state.mls.secretTree })
  const stillNamed = state.roster.pending.filter((notice) =>
    seatedLeaves(next.roster).some((leaf) => noticeNames(notice, leaf)),
  )
  return {
    kind: 'ok',
    state: {
      ...next,
      roster: { ...next.roster, pending: stillNamed },
      mls: { ...next.mls, historicalReceiverData: history },
    },
    changes: pending.changes,
    erase: epochSecrets(state),
  }
}

/** What must not outlive an epoch: with these secrets its successor could be derived again. */
export function epochSecrets(state: GroupState): readonly Uint8Array[] {
  return [state.mls.keySchedule.initSecret]
}
