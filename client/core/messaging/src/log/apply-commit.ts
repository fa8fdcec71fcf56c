/** Commits, notices and resets: what changes who is in a conversation. Lines come from here alone. */
import {
  adoptCommit,
  applyNotice,
  decodePending,
  decodeState,
  processCommit,
  type Change,
  type GroupState,
} from '@brieftaube/encryption'
import { accountsOf } from '@brieftaube/group-policy'
import { equalBytes, type AccountId, type Entry } from '@brieftaube/protocol'
import { selfOf, type Core } from '../core.ts'
import type { PendingRecord, StoredEvent } from '../records.ts'
import { linesAfterRestore, linesBetween } from './foreign-roster.ts'
import { warn, type Step } from './step.ts'

export async function applyCommit(core: Core, step: Step, entry: Entry): Promise<StoredEvent[]> {
  const own = entry.device === selfOf(core).deviceId
  const pending = step.pending
  if (own && pending !== undefined && pending.counter === entry.counter)
    return applyOwn(core, step, entry, pending)
  if (step.group === undefined || step.record.status !== 'active') return []
  if (step.record.lostSince !== undefined) {
    step.lostTrack = true
    return []
  }
  // a commit of this device that it does not know: its state was set back, or the log was tampered with
  if (own) return lose(core, step, entry, 'unknown-own-commit')
  const before = step.group
  const result = await processCommit(before, { mls: entry.mls, device: entry.device })
  if (result.kind === 'refused') {
    core.log('commit-refused', { reason: result.reason, detail: result.detail })
    if (result.reason === 'policy') distrust(step)
    else step.lostTrack = true
    return warn(step, 'refused-change')
  }
  step.erase.push(...result.erase)
  dropLostRace(step, result.state)
  return follow(step, before, result.state, result.changes, result.by.account)
}

function lose(core: Core, step: Step, { seq, epoch }: Entry, reason: string): [] {
  core.log('lost-track', { reason, seq, epoch, own: step.record.epoch })
  step.lostTrack = true
  return []
}

/** What all honest members refuse is not followed by joining again: only a reset among those that are known leads on. */
function distrust(step: Step): void {
  step.record = { ...step.record, warned: [...step.record.warned, distrusted(step.record.generation)] }
}

export function distrusted(generation: number): string {
  return `${String(generation)}:distrusted`
}

/** Whoever else won this epoch: what waited for the answer is void; the intent behind it stays. */
function dropLostRace(step: Step, next: GroupState): void {
  if (step.pending === undefined || step.pending.kind === 'join' || step.pending.kind === 'reset') return
  if (next.epoch > step.pending.epoch) step.pending = undefined
}

function applyOwn(core: Core, step: Step, entry: Entry, pending: PendingRecord): StoredEvent[] {
  if (!equalBytes(pending.commit, entry.mls)) {
    lose(core, step, entry, 'other-own-commit')
    return warn(step, 'forked')
  }
  if (pending.kind === 'join') return adoptJoin(core, step, entry, pending)
  const decoded = decodePending(pending.state)
  const before = step.group
  if (decoded.kind === 'refused' || before === undefined) return lose(core, step, entry, 'no-own-commit')
  const adopted = adoptCommit(before, decoded.pending)
  if (adopted.kind === 'refused') return lose(core, step, entry, 'own-commit-refused')
  step.pending = undefined
  if (pending.intent !== undefined) step.doneIntents.push(pending.intent)
  step.erase.push(...adopted.erase)
  return follow(step, before, adopted.state, adopted.changes, selfOf(core).account)
}

function adoptJoin(core: Core, step: Step, entry: Entry, pending: PendingRecord): StoredEvent[] {
  const decoded = decodeState(pending.state)
  if (decoded.kind === 'refused') return lose(core, step, entry, 'no-own-join')
  step.pending = undefined
  step.group = decoded.state
  step.rosterChanged.yes = true
  step.lostTrack = false
  const { state } = decoded
  const own = selfOf(core).account
  const { accounts: known, accountsBefore } = step.record
  const lines =
    accountsBefore === undefined
      ? linesBetween(known, state.roster, pending.by ?? own)
      : linesAfterRestore(accountsBefore, state.roster)
  const seated = { status: 'active', generation: state.generation, epoch: state.epoch } as const
  const accounts = accountsOf(state.roster)
  step.record = {
    ...step.record,
    ...seated,
    accounts,
    joinedSeq: entry.seq,
    lostSince: undefined,
    accountsBefore: undefined,
  }
  return pending.resync === true ? lines : [...lines, { kind: 'device-added', who: own }]
}

function follow(
  step: Step,
  before: GroupState,
  after: GroupState,
  changes: readonly Change[],
  by: AccountId,
): StoredEvent[] {
  step.group = after
  step.rosterChanged.yes = true
  const status = after.status === 'removed' ? 'left' : step.record.status
  step.record = { ...step.record, epoch: after.epoch, status, accounts: accountsOf(after.roster) }
  // a new generation has the same people: its first commit is no news
  if (before.epoch === 0) return before.generation === 0 ? created(step, changes, by) : []
  return eventsOf(changes, by, adminsOf(before))
}

function created(step: Step, changes: readonly Change[], by: AccountId): StoredEvent[] {
  const who = changes.flatMap((change) => (change.kind === 'account-added' ? [change.account] : []))
  const added: StoredEvent[] =
    step.record.kind === 'group' && who.length > 0 ? [{ kind: 'members-added', by, who }] : []
  return [{ kind: 'created', by }, ...added]
}

function adminsOf(group: GroupState): readonly AccountId[] {
  return group.roster.admins
}

function eventsOf(
  changes: readonly Change[],
  by: AccountId,
  adminsBefore: readonly AccountId[],
): StoredEvent[] {
  const added = changes.flatMap((change) => (change.kind === 'account-added' ? [change.account] : []))
  const gone = changes.flatMap((change) => (change.kind === 'account-removed' ? [change.account] : []))
  const others = changes.flatMap((change): StoredEvent[] => {
    switch (change.kind) {
      case 'account-added':
        return []
      case 'account-removed':
        return change.left
          ? [{ kind: 'member-left', who: change.account }]
          : [{ kind: 'member-removed', by, who: change.account }]
      case 'device-added':
        return [{ kind: 'device-added', who: change.account }]
      case 'device-removed':
        return [{ kind: 'device-removed', who: change.account }]
      case 'admins-changed':
        return adminEvents(change.admins, adminsBefore, by).filter((event) => !gone.includes(event.who))
    }
  })
  return added.length === 0 ? others : [{ kind: 'members-added', by, who: added }, ...others]
}

function adminEvents(after: readonly AccountId[], before: readonly AccountId[], by: AccountId) {
  const raised = after.filter((account) => !before.includes(account))
  const lowered = before.filter((account) => !after.includes(account))
  return [
    ...raised.map((who) => ({ kind: 'admin-changed', by, who, admin: true }) as const),
    ...lowered.map((who) => ({ kind: 'admin-changed', by, who, admin: false }) as const),
  ]
}

/** A signed wish to leave or to remove a device. Without a valid signature it changes nothing. */
export function applyNoticeRow(core: Core, step: Step, entry: Entry): StoredEvent[] {
  if (step.group === undefined || step.record.lostSince !== undefined) return []
  const result = applyNotice(step.group, entry.mls)
  if (result.kind === 'refused') {
    core.log('notice-refused', { reason: result.detail })
    return []
  }
  step.group = result.state
  const { notice } = result
  const leavesHere = notice.kind === 'leave' && notice.account === selfOf(core).account
  if (leavesHere) step.record = { ...step.record, status: 'left' }
  return []
}

/** The group of the new generation, if this device began it: the first commit follows in the log. */
function ownReset(pending: PendingRecord | undefined, generation: number): GroupState | undefined {
  if (pending?.kind !== 'reset' || pending.generation !== generation || pending.base === undefined)
    return undefined
  const decoded = decodeState(pending.base)
  return decoded.kind === 'ok' ? decoded.state : undefined
}

/** A new generation: this device joins it by Welcome or by itself, and reads on from there. */
export function applyReset(step: Step, entry: Entry): StoredEvent[] {
  if (entry.generation !== step.record.generation + 1) return warn(step, 'refused-change')
  const own = ownReset(step.pending, entry.generation)
  step.group = own
  if (own === undefined) step.pending = undefined
  const status = own === undefined ? 'joining' : 'active'
  step.record = { ...step.record, generation: entry.generation, epoch: 0, status, lostSince: undefined }
  return [{ kind: 'reset' }]
}
