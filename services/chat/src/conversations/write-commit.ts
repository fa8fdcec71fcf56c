/** A checked commit under the head's lock: judged against the roster, then log, roster, members and Welcomes move together. */
import {
  accountsOf,
  encodeNotice,
  judgeCommit,
  outstandingRemovals,
  rosterFromTree,
  sameRoster,
  type Notice,
  type Roster,
  type RosterLeaf,
} from '@brieftaube/group-policy'
import {
  equalBytes,
  MalformedError,
  ProtocolError,
  type AccountId,
  type Committed,
  type ConversationId,
  type DeviceId,
  type Entry,
} from '@brieftaube/protocol'
import { visibleContacts } from '../contacts/contact-store.ts'
import type { Connection } from '../database.ts'
import { areKnownDevices, registerDevice } from '../key-packages/key-package-store.ts'
import { appendEntry, findByCounter, type LockedHead } from '../log/entry-store.ts'
import { checkAdds, commitRefused, type CheckedBundle } from './check-bundle.ts'
import { moveLeaves, moveMembers, putGroup } from './group-store.ts'
import { insertWelcome } from './welcome-store.ts'

export interface Committer {
  readonly account: AccountId
  readonly device: DeviceId
}

export interface WrittenCommit {
  readonly committed: Committed
  /** Absent: it was stored before. */
  readonly entry?: Entry | undefined
  readonly head: LockedHead
  readonly roster: Roster
  /** Everybody whom the entry concerns: members before and after. */
  readonly told: readonly AccountId[]
  readonly welcomed: readonly DeviceId[]
}

export interface CommitRequest {
  readonly caller: Committer
  readonly conversation: ConversationId
  readonly checked: CheckedBundle
}

/** What this device committed under this counter before: its old answer, or `conflict` for other bytes. */
export async function committedBefore(
  db: Connection,
  request: CommitRequest,
): Promise<Committed | undefined> {
  const { caller, conversation, checked } = request
  const earlier = await findByCounter(db, conversation, {
    device: caller.device,
    counter: checked.bundle.counter,
  })
  if (earlier === undefined) return undefined
  if (!equalBytes(earlier.mls, checked.bundle.commit)) {
    throw new ProtocolError('conflict', 'The counter names another entry.')
  }
  return committedOf(earlier)
}

function committedOf({ conversation, generation, epoch, seq, at }: Entry): Committed {
  return { conversation, generation, epoch: epoch + 1, seq, at }
}

export async function writeCommit(
  db: Connection,
  request: CommitRequest,
  { head, roster }: { head: LockedHead; roster: Roster },
): Promise<WrittenCommit> {
  const { caller, conversation, checked } = request
  const { bundle, commit } = checked
  if (head.generation !== bundle.generation || head.epoch !== bundle.epoch) throw staleEpoch(head)
  checkEvidence(roster, checked)
  const { roster: next, committer } = judge(request, roster)
  await checkDevices(db, committer, checked)
  await checkAdditions(db, caller, { before: roster, after: next })
  checkAdds(commit)
  const pendingBefore = outstandingRemovals(roster).length
  const pendingAfter = outstandingRemovals(next).length
  // an external join cannot remove anybody else; everybody else carries out what is asked for first
  if (commit.sender.kind === 'member' && pendingBefore > 0 && pendingAfter >= pendingBefore) {
    throw new ProtocolError('commit-required', 'A removal must be committed first.', { head: headOf(head) })
  }
  const appended = await appendEntry(
    db,
    head,
    {
      conversation,
      generation: bundle.generation,
      epoch: bundle.epoch,
      kind: commit.sender.kind === 'external' ? 'external-commit' : 'commit',
      device: caller.device,
      counter: bundle.counter,
      at: Date.now(),
      mls: bundle.commit,
    },
    { generation: head.generation, epoch: head.epoch + 1, pending: pendingAfter > 0 },
  )
  await putGroup(db, conversation, { roster: next, groupInfo: bundle.groupInfo })
  // who asked to leave stays in the tree until the Remove, but is no member any more
  const leaving = next.pending.flatMap((notice) => (notice.kind === 'leave' ? [notice.account] : []))
  const { before, after } = await moveMembers(db, conversation, {
    roster: next,
    seq: appended.entry.seq,
    except: leaving,
  })
  await moveLeaves(db, conversation, { before: roster, after: next })
  const welcomed = commit.adds.map((each) => each.leaf.device)
  const { seq, at } = appended.entry
  if (welcomed.length > 0) {
    await insertWelcome(db, {
      conversation,
      generation: bundle.generation,
      epoch: bundle.epoch + 1,
      seq,
      at,
      head: appended.head.chain,
      welcome: bundle.welcome,
      devices: welcomed,
    })
  }
  return {
    committed: committedOf(appended.entry),
    ...appended,
    roster: next,
    told: [...new Set([...before, ...after])],
    welcomed,
  }
}

export function staleEpoch(head: LockedHead): ProtocolError {
  return new ProtocolError('stale-epoch', 'The group has moved on.', { head: headOf(head) })
}

function headOf({ generation, epoch, seq }: LockedHead) {
  return { generation, epoch, seq }
}

/** The roster after the commit, and whose it is. Throws `commit-refused`. */
function judge(
  { caller, checked }: CommitRequest,
  roster: Roster,
): { roster: Roster; committer: RosterLeaf } {
  const { commit, groupInfo } = checked
  const judgement = judgeCommit(roster, commit)
  if (judgement.kind === 'refused') throw commitRefused(judgement.reason)
  const { committer } = judgement
  if (committer.device !== caller.device || committer.account !== caller.account)
    throw commitRefused('it was made by another device')
  if (!isRosterOf(judgement.roster, groupInfo)) throw commitRefused('the GroupInfo shows other members')
  if (groupInfo.leaves[groupInfo.signer]?.device !== caller.device)
    throw commitRefused('the GroupInfo is signed by another device')
  return { roster: judgement.roster, committer }
}

function isRosterOf(roster: Roster, groupInfo: CheckedBundle['groupInfo']): boolean {
  try {
    return sameRoster(rosterFromTree(groupInfo), roster)
  } catch (error) {
    if (error instanceof MalformedError) return false
    throw error
  }
}

/**
 * A wish to leave counts once, while this log's own row of it waits: the policy, which sees no more than the group, would
 * take it again after its author came back, from whoever kept it. Throws `commit-refused`.
 */
function checkEvidence(roster: Roster, { commit }: CheckedBundle): void {
  const waiting = roster.pending.map(encodeNotice)
  const isOpen = (notice: Notice) => waiting.some((each) => equalBytes(each, encodeNotice(notice)))
  if (commit.evidence.some((notice) => notice.kind === 'leave' && !isOpen(notice)))
    throw commitRefused('the wish to leave is carried out')
}

/**
 * A certificate vouches for a leaf by the key that stands in the leaf itself. That it is a device of that account is known
 * from the device: it has been here with its own token. Throws `commit-refused`.
 */
export async function checkDevices(
  db: Connection,
  own: RosterLeaf,
  checked: Pick<CheckedBundle, 'commit'> | undefined,
): Promise<void> {
  const added = checked?.commit.adds.map((each) => each.leaf) ?? []
  const isKnown = (await registerDevice(db, own)) && (await areKnownDevices(db, added))
  if (!isKnown) throw commitRefused('a device is revoked or not of that account')
}

/** Only accepted contacts can be brought in; who is in already may get further devices in. */
async function checkAdditions(
  db: Connection,
  caller: Committer,
  { before, after }: { before: Roster; after: Roster },
): Promise<void> {
  const known = new Set([caller.account, ...accountsOf(before)])
  const added = accountsOf(after).filter((account) => !known.has(account))
  const contacts = new Set(await visibleContacts(db, caller.account, added))
  if (added.some((account) => !contacts.has(account))) {
    throw new ProtocolError('not-a-contact', 'Only accepted contacts can be added.')
  }
}
