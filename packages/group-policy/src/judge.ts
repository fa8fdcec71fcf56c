/**
 * The commit policy: one deterministic function of the roster and the commit's bytes, the same in clients and server, run
 * before any client lets its MLS library see the commit. Two members that judged differently would fork the group, so
 * nothing here depends on a clock, on what else a client knows, or on the order in which it learned it.
 */
import { equalBytes, type AccountId, type DeviceId } from '@brieftaube/protocol'
import { noticeProblem, type NoticeProblem } from './apply-notice.ts'
import { changesBetween, type Change } from './changes.ts'
import type { CommitSummary } from './commit.ts'
import type { RosterLeaf } from './leaf.ts'
import { leaveValidEpochs } from './notice.ts'
import {
  accountsOf,
  effectiveAdmins,
  noticeNames,
  rosterLeaf,
  rosterProblem,
  trimLeaves,
  type Roster,
  type RosterProblem,
} from './roster.ts'
import { maxBarredDevices, type GroupRules } from './rules.ts'

export type PolicyReason =
  | RosterProblem
  | 'unknown-sender'
  | 'identity-changed'
  | 'other-suite'
  | 'not-seated'
  | 'foreign-device'
  | 'unknown-leaf'
  | 'removed-twice'
  | 'removes-itself'
  | 'not-allowed-to-add'
  | 'not-allowed-to-remove'
  | 'not-allowed-to-change-admins'
  | 'kind-changed'
  | 'rules-required'
  | 'barred-changed'
  | 'useless-notice'
  | `notice-${NoticeProblem}`

export type Judgement =
  | {
      readonly kind: 'accepted'
      readonly roster: Roster
      readonly changes: readonly Change[]
      readonly committer: RosterLeaf
    }
  | { readonly kind: 'refused'; readonly reason: PolicyReason }

/** Epoch, group id and signatures are the caller's business; the rest of what makes a commit acceptable is decided here. */
export function judgeCommit(roster: Roster, commit: CommitSummary): Judgement {
  const committer = commit.sender.kind === 'member' ? roster.leaves[commit.sender.leaf] : commit.pathLeaf
  if (committer === undefined) return refuse('unknown-sender')
  const otherSuite = [...commit.adds, commit.pathLeaf].some(
    (item) => item !== undefined && item.suite !== roster.suite,
  )
  if (otherSuite) return refuse('other-suite')
  const reason =
    commit.sender.kind === 'member'
      ? memberProblem(roster, commit, committer, commit.sender.leaf)
      : externalProblem(roster, commit, committer)
  if (reason !== undefined) return refuse(reason)
  const next = applyCommit(roster, commit)
  const problem = rosterProblem(next)
  if (problem !== undefined) return refuse(problem)
  const changes = changesBetween(roster, next, committer, commit.evidence)
  return { kind: 'accepted', roster: next, changes, committer }
}

function refuse(reason: PolicyReason): Judgement {
  return { kind: 'refused', reason }
}

function memberProblem(
  roster: Roster,
  commit: CommitSummary,
  committer: RosterLeaf,
  committerIndex: number,
): PolicyReason | undefined {
  if (commit.pathLeaf !== undefined && !sameIdentity(commit.pathLeaf, committer)) return 'identity-changed'
  return (
    removesProblem(roster, commit, committer, committerIndex) ??
    addsProblem(roster, commit, committer) ??
    rulesProblem(roster, commit, committer)
  )
}

/** External commits serve a member's further devices and a device that lost its state; nobody gets in that was not in. */
function externalProblem(
  roster: Roster,
  commit: CommitSummary,
  joiner: RosterLeaf,
): PolicyReason | undefined {
  if (commit.evidence.length > 0) return 'useless-notice'
  if (!accountsOf(roster).includes(joiner.account)) return 'not-seated'
  for (const index of commit.removes) {
    const removed = roster.leaves[index]
    if (removed === undefined) return 'unknown-leaf'
    if (!sameIdentity(removed, joiner)) return 'foreign-device'
  }
  return undefined
}

function removesProblem(
  roster: Roster,
  commit: CommitSummary,
  committer: RosterLeaf,
  committerIndex: number,
): PolicyReason | undefined {
  if (new Set(commit.removes).size !== commit.removes.length) return 'removed-twice'
  if (commit.removes.includes(committerIndex)) return 'removes-itself'
  const mayRemoveAnybody = roster.kind === 'group' && effectiveAdmins(roster).includes(committer.account)
  for (const index of commit.removes) {
    const leaf = roster.leaves[index]
    if (leaf === undefined) return 'unknown-leaf'
    const justified = commit.evidence.some((notice) => noticeNames(notice, leaf))
    if (!mayRemoveAnybody && leaf.account !== committer.account && !justified) return 'not-allowed-to-remove'
  }
  return evidenceProblem(roster, commit)
}

/** Every notice is valid, and everything it names is removed; otherwise it would be noise that all members keep. */
function evidenceProblem(roster: Roster, commit: CommitSummary): PolicyReason | undefined {
  const where = { groupId: commit.groupId, epoch: commit.epoch }
  for (const notice of commit.evidence) {
    const problem = noticeProblem(roster, notice, where)
    if (problem !== undefined) return `notice-${problem}`
    const named = roster.leaves.flatMap((leaf, index) => (leaf && noticeNames(notice, leaf) ? [index] : []))
    if (!named.every((index) => commit.removes.includes(index))) return 'useless-notice'
  }
  return undefined
}

function addsProblem(roster: Roster, commit: CommitSummary, committer: RosterLeaf): PolicyReason | undefined {
  const isAdmin = effectiveAdmins(roster).includes(committer.account)
  for (const { leaf } of commit.adds) {
    const ownDevice = leaf.account === committer.account
    if (roster.kind === 'direct' && !roster.admins.includes(leaf.account)) return 'third-party'
    if (!ownDevice && !isAdmin && roster.kind === 'group') return 'not-allowed-to-add'
    if (commit.evidence.some((notice) => noticeNames(notice, leaf))) return 'useless-notice'
  }
  return undefined
}

function rulesProblem(
  roster: Roster,
  commit: CommitSummary,
  committer: RosterLeaf,
): PolicyReason | undefined {
  const due = dueRules(roster, commit)
  const proposed = commit.rules
  if (proposed === undefined) return sameRules(due, roster) ? undefined : 'rules-required'
  if (proposed.kind !== roster.kind) return 'kind-changed'
  if (!sameList(proposed.barred, due.barred)) return 'barred-changed'
  if (sameList(proposed.admins, due.admins)) return undefined
  const mayChange = roster.kind === 'group' && effectiveAdmins(roster).includes(committer.account)
  return mayChange && proposed.admins.length > 0 ? undefined : 'not-allowed-to-change-admins'
}

/**
 * The rules that a commit of these Adds and Removes needs at least: admins who lose their last leaf lose the role (so that
 * being added again later does not bring it back), and devices removed under a revocation are barred.
 */
export function dueRules(
  roster: Roster,
  commit: Pick<CommitSummary, 'adds' | 'removes' | 'evidence'>,
): GroupRules {
  const accounts = accountsOf({ leaves: placeLeaves(roster, commit) })
  const admins =
    roster.kind === 'direct' ? roster.admins : roster.admins.filter((admin) => accounts.includes(admin))
  const revoked = commit.evidence.flatMap((notice) =>
    notice.kind === 'device-revoked' ? [notice.device] : [],
  )
  const barred = [...new Set([...roster.barred, ...revoked])].slice(-maxBarredDevices)
  return { kind: roster.kind, admins, barred }
}

/** RFC 9420 section 12.3: Removes first, then Adds in order, each on the leftmost blank leaf; a joiner likewise. */
function placeLeaves(
  roster: Roster,
  commit: Pick<CommitSummary, 'adds' | 'removes'> & { joiner?: RosterLeaf | undefined },
): (RosterLeaf | undefined)[] {
  const removed = new Set(commit.removes)
  const leaves = trimLeaves(roster.leaves.map((leaf, index) => (removed.has(index) ? undefined : leaf)))
  const joining = [
    ...commit.adds.map(({ leaf }) => leaf),
    ...(commit.joiner === undefined ? [] : [commit.joiner]),
  ]
  let cursor = 0
  for (const leaf of joining) {
    while (leaves[cursor] !== undefined) cursor += 1
    leaves[cursor] = rosterLeaf(leaf)
  }
  return leaves
}

function applyCommit(roster: Roster, commit: CommitSummary): Roster {
  const joiner = commit.sender.kind === 'external' ? commit.pathLeaf : undefined
  const leaves = placeLeaves(roster, { ...commit, joiner })
  const { admins, barred } = commit.rules ?? roster
  const next = { ...roster, leaves, admins, barred }
  const epoch = commit.epoch + 1
  const isOpen = (notice: Roster['pending'][number]) =>
    leaves.some((leaf) => leaf !== undefined && noticeNames(notice, leaf)) &&
    (notice.kind !== 'leave' || notice.epoch + leaveValidEpochs >= epoch)
  return { ...next, pending: roster.pending.filter(isOpen) }
}

function sameIdentity(a: RosterLeaf, b: RosterLeaf): boolean {
  return (
    a.account === b.account &&
    a.device === b.device &&
    equalBytes(a.accountKey, b.accountKey) &&
    equalBytes(a.deviceKey, b.deviceKey)
  )
}

function sameRules(rules: GroupRules, roster: Roster): boolean {
  return sameList(rules.admins, roster.admins) && sameList(rules.barred, roster.barred)
}

function sameList(a: readonly (AccountId | DeviceId)[], b: readonly (AccountId | DeviceId)[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}
