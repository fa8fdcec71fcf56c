/** A new group at epoch 0 with its creator's leaf alone: the first of a conversation, or the next generation of one. */
import {
  accountsOf,
  decodeGroupInfo,
  effectiveAdmins,
  rosterFromTree,
  sortIds,
  type GroupId,
  type Roster,
} from '@brieftaube/group-policy'
import {
  firstHead,
  limits,
  ProtocolError,
  serverDevice,
  type AccountId,
  type Committed,
  type Entry,
  type GroupCreation,
} from '@brieftaube/protocol'
import { visibleContacts } from '../contacts/contact-store.ts'
import type { Connection } from '../database.ts'
import { appendEntry, insertHead, type LockedHead } from '../log/entry-store.ts'
import {
  asMalformed,
  checkBundle,
  checkLeaf,
  commitRefused,
  isGroup,
  type CheckedBundle,
} from './check-bundle.ts'
import {
  countMemberships,
  insertConversation,
  insertDirect,
  moveLeaves,
  moveMembers,
  putGroup,
} from './group-store.ts'
import {
  checkDevices,
  committedBefore,
  writeCommit,
  type Committer,
  type WrittenCommit,
} from './write-commit.ts'

export interface Founding {
  readonly creation: GroupCreation
  readonly groupId: GroupId
  readonly roster: Roster
  readonly first: CheckedBundle | undefined
}

/** Throws `malformed` or `commit-refused`. */
export function checkFounding(creation: GroupCreation, caller: Committer, generation?: number): Founding {
  const info = asMalformed(() => decodeGroupInfo(creation.groupInfo))
  const { conversation } = creation
  if (!isGroup(info.groupId, conversation, generation ?? info.groupId.generation))
    throw commitRefused('other group')
  if (info.epoch !== 0 || !info.hasExternalPub) throw commitRefused('the GroupInfo is not of epoch 0')
  const [leaf] = info.leaves
  if (info.leaves.length !== 1 || leaf?.device !== caller.device || leaf.account !== caller.account) {
    throw commitRefused('a group begins with its creator alone')
  }
  checkLeaf(leaf)
  const first =
    creation.firstCommit === undefined ? undefined : checkBundle(conversation, creation.firstCommit)
  if (
    first !== undefined &&
    (first.bundle.generation !== info.groupId.generation || first.bundle.epoch !== 0)
  ) {
    throw commitRefused('the first commit is of another epoch')
  }
  return { creation, groupId: info.groupId, roster: asMalformed(() => rosterFromTree(info)), first }
}

export interface Founded {
  readonly committed: Committed
  /** In the order of the log. */
  readonly entries: readonly Entry[]
  readonly told: readonly AccountId[]
  readonly written: WrittenCommit | undefined
}

/** Inside a transaction. Throws `conflict`, `not-a-contact`, `commit-refused`. */
export async function writeConversation(
  db: Connection,
  caller: Committer,
  founding: Founding,
): Promise<Founded> {
  const { creation, roster, first } = founding
  const { conversation } = creation
  const at = Date.now()
  await checkFounder(db, founding)
  if ((await countMemberships(db, caller.account)) >= limits.conversationsPerAccount)
    throw new ProtocolError('quota-exceeded', 'Too many conversations.')
  if (roster.kind === 'direct') await claimPair(db, caller, founding)
  const head: LockedHead = { generation: 0, epoch: 0, seq: 0, chain: firstHead, pending: false }
  await insertHead(db, conversation, head)
  await insertConversation(db, { conversation, roster, groupInfo: creation.groupInfo, at })
  // the creator's own membership begins with the log
  await moveMembers(db, conversation, { roster, seq: 1 })
  await moveLeaves(db, conversation, { before: undefined, after: roster })
  if (first === undefined) {
    return {
      committed: { conversation, generation: 0, epoch: 0, seq: 0, at },
      entries: [],
      told: accountsOf(roster),
      written: undefined,
    }
  }
  const written = await writeCommit(db, { caller, conversation, checked: first }, { head, roster })
  return {
    committed: written.committed,
    entries: written.entry === undefined ? [] : [written.entry],
    told: written.told,
    written,
  }
}

async function checkFounder(db: Connection, { roster }: Founding): Promise<void> {
  const [founder] = roster.leaves
  if (founder !== undefined) await checkDevices(db, founder, undefined)
}

/** Both orders of one pair name the same row. */
async function claimPair(db: Connection, caller: Committer, { creation, roster }: Founding): Promise<void> {
  const [low, high] = roster.admins
  const other = low === caller.account ? high : low
  if (
    low === undefined ||
    high === undefined ||
    other === undefined ||
    !roster.admins.includes(caller.account)
  ) {
    throw commitRefused('a direct conversation is between its creator and one other')
  }
  if ((await visibleContacts(db, caller.account, [other])).length === 0) {
    throw new ProtocolError('not-a-contact', 'Only accepted contacts can be written to.')
  }
  if (!(await insertDirect(db, { low, high, conversation: creation.conversation }))) {
    throw new ProtocolError('conflict', 'There is a direct conversation with this account.')
  }
}

/** The answer to a repeated creation, or `conflict`. */
export async function foundedBefore(
  db: Connection,
  caller: Committer,
  founding: Founding,
  stored: { head: LockedHead; groupInfo: Uint8Array },
): Promise<Committed> {
  const { creation, first } = founding
  const { conversation } = creation
  if (first !== undefined) {
    const earlier = await committedBefore(db, { caller, conversation, checked: first })
    if (earlier !== undefined) return earlier
  }
  const { generation, epoch, seq } = stored.head
  const isSame =
    first === undefined && epoch === 0 && Buffer.from(stored.groupInfo).equals(creation.groupInfo)
  if (!isSame) throw new ProtocolError('conflict', 'There is a conversation of this id.')
  return { conversation, generation, epoch, seq, at: Date.now() }
}

/** Generation + 1 over the locked head: a reset row with the new group's GroupInfo, then the first commit. */
export async function writeReset(
  db: Connection,
  caller: Committer,
  founding: Founding,
  stored: { head: LockedHead; roster: Roster; members: readonly AccountId[] },
): Promise<Founded> {
  const { creation, roster, first } = founding
  const { conversation } = creation
  const generation = stored.head.generation + 1
  checkSuccession(founding, caller, stored)
  await checkFounder(db, founding)
  const begun = await appendEntry(
    db,
    stored.head,
    {
      conversation,
      generation,
      epoch: 0,
      kind: 'reset',
      device: serverDevice,
      // the server's rows count by their own place
      counter: stored.head.seq + 1,
      at: Date.now(),
      mls: creation.groupInfo,
    },
    { generation, epoch: 0, pending: false },
  )
  await putGroup(db, conversation, { roster, groupInfo: creation.groupInfo })
  await moveLeaves(db, conversation, { before: stored.roster, after: roster })
  const { entry, head } = begun
  if (first === undefined) {
    const { before } = await moveMembers(db, conversation, { roster, seq: entry.seq })
    const committed = { conversation, generation, epoch: 0, seq: entry.seq, at: entry.at }
    return { committed, entries: [entry], told: before, written: undefined }
  }
  const written = await writeCommit(db, { caller, conversation, checked: first }, { head, roster })
  const entries = written.entry === undefined ? [entry] : [entry, written.entry]
  return {
    committed: written.committed,
    entries,
    told: [...new Set([...stored.members, ...written.told])],
    written,
  }
}

/**
 * A reset brings nobody in and nobody up: the kind stays, admins were admins, and only an admin may leave somebody out or
 * have fewer admins. Anybody else sets the group up again exactly as it was.
 */
function checkSuccession(
  founding: Founding,
  caller: Committer,
  stored: { roster: Roster; members: readonly AccountId[] },
): void {
  const { roster, first } = founding
  const rules = first?.groupInfo.rules ?? roster
  const seated = first === undefined ? roster.leaves : first.groupInfo.leaves
  if (rules.kind !== stored.roster.kind) throw commitRefused('a reset keeps the kind')
  if (accountsOf({ leaves: seated }).some((account) => !stored.members.includes(account))) {
    throw commitRefused('a reset brings nobody in')
  }
  const before = effectiveAdmins(stored.roster).filter((admin) => stored.members.includes(admin))
  const mayChange = rules.kind === 'group' && (before.length === 0 || before.includes(caller.account))
  if (!mayChange && accountsOf({ leaves: seated }).length !== stored.members.length)
    throw commitRefused('only an admin leaves somebody out')
  const isSound = mayChange
    ? rules.admins.every((admin) => before.includes(admin) || admin === caller.account)
    : sameAccounts(rules.admins, rules.kind === 'direct' ? stored.roster.admins : sortIds(before))
  if (!isSound) throw commitRefused('a reset makes nobody an admin')
}

function sameAccounts(a: readonly AccountId[], b: readonly AccountId[]): boolean {
  return a.length === b.length && a.every((account, index) => account === b[index])
}
