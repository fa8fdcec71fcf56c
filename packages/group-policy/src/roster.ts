/** Who is in a group: its leaves by index, its rules, and the removals that signed notices ask for. */
import {
  equalBytes,
  idBytes,
  idFromBytes,
  idToBytes,
  limits,
  MalformedError,
  publicKeyBytes,
  Reader,
  Writer,
  type AccountId,
  type Bytes,
  type DeviceId,
} from '@brieftaube/protocol'
import type { RosterLeaf } from './leaf.ts'
import { decodeNotice, encodeNotice, type Notice } from './notice.ts'
import { decodeRules, encodeRules, type ConversationKind, type GroupRules } from './rules.ts'
import { suites, type Suite } from './suite.ts'

export interface Roster {
  readonly kind: ConversationKind
  readonly suite: Suite
  /** By leaf index; the last one is never blank. */
  readonly leaves: readonly (RosterLeaf | undefined)[]
  /** As in the group's rules; who may really act as admin is `effectiveAdmins`. */
  readonly admins: readonly AccountId[]
  readonly barred: readonly DeviceId[]
  /** Notices with a valid signature whose removal is still to be committed. */
  readonly pending: readonly Notice[]
}

export interface SeatedLeaf extends RosterLeaf {
  readonly index: number
}

export function seatedLeaves(roster: Pick<Roster, 'leaves'>): SeatedLeaf[] {
  return roster.leaves.flatMap((leaf, index) => (leaf === undefined ? [] : [{ ...leaf, index }]))
}

/** The accounts in the group, in the order of their lowest leaves. */
export function accountsOf(roster: Pick<Roster, 'leaves'>): AccountId[] {
  return [...new Set(seatedLeaves(roster).map((leaf) => leaf.account))]
}

export function findDevice(roster: Pick<Roster, 'leaves'>, device: DeviceId): SeatedLeaf | undefined {
  return seatedLeaves(roster).find((leaf) => leaf.device === device)
}

/** A group never is without somebody who can act: when no admin has a leaf, the account of the lowest leaf is one. */
export function effectiveAdmins(roster: Pick<Roster, 'leaves' | 'admins'>): AccountId[] {
  const accounts = accountsOf(roster)
  const seated = roster.admins.filter((admin) => accounts.includes(admin))
  return seated.length > 0 ? seated : accounts.slice(0, 1)
}

export function rulesOf(roster: Roster): GroupRules {
  return { kind: roster.kind, admins: roster.admins, barred: roster.barred }
}

/**
 * The leaves that must be removed before anything else is said, ascending. A revoked device whose account has no other
 * leaf stays in the tree until another device of the account has joined: signing out on one's only device must not put
 * one out of every conversation. From the revocation on the server gives that device nothing.
 */
export function outstandingRemovals(roster: Roster): number[] {
  const seated = seatedLeaves(roster)
  const isNamed = (leaf: RosterLeaf) => roster.pending.some((notice) => noticeNames(notice, leaf))
  const leaves = (leaf: RosterLeaf) =>
    roster.pending.some((notice) => notice.kind === 'leave' && noticeNames(notice, leaf))
  const isReplaced = (leaf: RosterLeaf) =>
    seated.some((other) => other.account === leaf.account && !isNamed(other))
  return seated
    .filter((leaf) => isNamed(leaf) && (leaves(leaf) || isReplaced(leaf)))
    .map((leaf) => leaf.index)
}

export function noticeNames(notice: Notice, leaf: RosterLeaf): boolean {
  if (notice.account !== leaf.account) return false
  return notice.kind === 'leave' || notice.device === leaf.device
}

/** Whether two views of a group agree; pending notices are not part of the group's state and do not count. */
export function sameRoster(a: Roster, b: Roster): boolean {
  const withoutPending = (roster: Roster) => encodeRoster({ ...roster, pending: [] })
  return equalBytes(withoutPending(a), withoutPending(b))
}

/**
 * The roster of a group whose leaves and rules were read from a tree (`decodeGroupInfo`, the library's state).
 * Throws `MalformedError` when it breaks a rule that `judgeCommit` keeps.
 */
export function rosterFromTree(tree: {
  readonly leaves: readonly (RosterLeaf | undefined)[]
  readonly rules: GroupRules
  readonly suite: Suite
}): Roster {
  const { kind, admins, barred } = tree.rules
  const leaves = trimLeaves(tree.leaves.map((leaf) => leaf && rosterLeaf(leaf)))
  const roster: Roster = { kind, suite: tree.suite, leaves, admins, barred, pending: [] }
  const problem = rosterProblem(roster)
  if (problem !== undefined) throw new MalformedError(problem)
  return roster
}

export function rosterLeaf({ account, device, accountKey, deviceKey }: RosterLeaf): RosterLeaf {
  return { account, device, accountKey, deviceKey }
}

/** RFC 9420 section 7.8: a tree has no blank half at its end, and adding looks for the leftmost blank leaf. */
export function trimLeaves(leaves: readonly (RosterLeaf | undefined)[]): (RosterLeaf | undefined)[] {
  return leaves.slice(0, leaves.findLastIndex((leaf) => leaf !== undefined) + 1)
}

export type RosterProblem =
  | 'empty'
  | 'too-many-leaves'
  | 'device-twice'
  | 'device-key-twice'
  | 'second-account-key'
  | 'barred-device'
  | 'third-party'
  | 'admin-without-leaf'

/** The first invariant that a roster breaks. */
export function rosterProblem(roster: Roster): RosterProblem | undefined {
  const seated = seatedLeaves(roster)
  if (seated.length === 0) return 'empty'
  if (seated.length > limits.maxLeaves) return 'too-many-leaves'
  const devices = new Set(seated.map((leaf) => leaf.device))
  if (devices.size !== seated.length) return 'device-twice'
  if (new Set(seated.map((leaf) => leaf.deviceKey.join())).size !== seated.length) return 'device-key-twice'
  const keys = new Map<AccountId, Bytes>()
  for (const leaf of seated) {
    const known = keys.get(leaf.account)
    if (known !== undefined && !equalBytes(known, leaf.accountKey)) return 'second-account-key'
    keys.set(leaf.account, leaf.accountKey)
  }
  if (roster.barred.some((device) => devices.has(device))) return 'barred-device'
  if (roster.kind === 'direct')
    return seated.every((leaf) => roster.admins.includes(leaf.account)) ? undefined : 'third-party'
  return roster.admins.every((admin) => keys.has(admin)) ? undefined : 'admin-without-leaf'
}

const rosterVersion = 1

/** For storage: version u8 · suite u8 · rules block · u32 count, each leaf optional · u32 count, notice blocks. */
export function encodeRoster(roster: Roster): Bytes {
  const writer = new Writer(256)
    .u8(rosterVersion)
    .u8(suites.indexOf(roster.suite))
    .block(encodeRules(rulesOf(roster)))
  writer.u32(roster.leaves.length)
  for (const leaf of roster.leaves) {
    writer.u8(leaf === undefined ? 0 : 1)
    if (leaf === undefined) continue
    writer.raw(idToBytes(leaf.account)).raw(idToBytes(leaf.device)).raw(leaf.accountKey).raw(leaf.deviceKey)
  }
  writer.u32(roster.pending.length)
  for (const notice of roster.pending) writer.block(encodeNotice(notice))
  return writer.finish()
}

/** Throws `MalformedError`. */
export function decodeRoster(bytes: Uint8Array): Roster {
  const reader = new Reader(bytes)
  if (reader.u8() !== rosterVersion) throw new MalformedError('unknown roster version')
  const suite = suites[reader.u8()]
  if (suite === undefined) throw new MalformedError('unknown suite')
  const { kind, admins, barred } = decodeRules(reader.block(limits.commitBundleMaxBytes))
  const leaves = readMany(reader, 2 ** 16, () => (reader.u8() === 0 ? undefined : readRosterLeaf(reader)))
  const pending = readMany(reader, 2 ** 16, () => decodeNotice(reader.block(limits.noticeMaxBytes)))
  reader.end()
  return { kind, suite, leaves, admins, barred, pending }
}

function readMany<T>(reader: Reader, max: number, item: () => T): T[] {
  const count = reader.u32()
  if (count > max || count > reader.left) throw new MalformedError('too many items')
  return Array.from({ length: count }, item)
}

function readRosterLeaf(reader: Reader): RosterLeaf {
  return {
    account: idFromBytes<AccountId>(reader.raw(idBytes)),
    device: idFromBytes<DeviceId>(reader.raw(idBytes)),
    accountKey: reader.raw(publicKeyBytes),
    deviceKey: reader.raw(publicKeyBytes),
  }
}
