/** Alice, bob and carla as rosters see them, with real keys. */
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  certificateSignedBytes,
  idFromBytes,
  type AccountId,
  type Bytes,
  type ConversationId,
  type DeviceId,
} from '@brieftaube/protocol'
import {
  noticeSignedBytes,
  type Leaf,
  type Notice,
  type NoticeFields,
  type Roster,
  type Suite,
} from '../src/index.ts'
import type { CommitSummary } from '../src/index.ts'

let serial = 0

/** Different bytes each time, the same in every run. */
function nextBytes(size: number): Bytes {
  serial += 1
  return Uint8Array.from(
    { length: size },
    (_, index) => (serial * 31 + index * 7 + (index === 0 ? serial : 0)) & 0xff,
  )
}

export interface Account {
  readonly account: AccountId
  readonly seed: Bytes
  readonly accountKey: Bytes
}

export function newAccount(): Account {
  const seed = nextBytes(32)
  return {
    account: idFromBytes<AccountId>(nextBytes(16)),
    seed,
    accountKey: Uint8Array.from(ed25519.getPublicKey(seed)),
  }
}

export function newLeaf({ account, accountKey, seed }: Account, suite: Suite = 'xwing-256'): Leaf {
  const device = idFromBytes<DeviceId>(nextBytes(16))
  const deviceKey = Uint8Array.from(ed25519.getPublicKey(nextBytes(32)))
  const fields = { account, device, accountKey, issuedAt: 1 }
  const signature = Uint8Array.from(ed25519.sign(certificateSignedBytes(fields, deviceKey), seed))
  return { account, device, accountKey, deviceKey, suite, certificate: { ...fields, signature } }
}

export const groupId = { conversation: idFromBytes<ConversationId>(nextBytes(16)), generation: 0 }

export function signNotice(account: Account, fields: NoticeFields): Notice {
  return { ...fields, signature: Uint8Array.from(ed25519.sign(noticeSignedBytes(fields), account.seed)) }
}

export function leaveNotice(account: Account, epoch = 5): Notice {
  return signNotice(account, { kind: 'leave', account: account.account, ...groupId, epoch, issuedAt: 1 })
}

export function revocation(account: Account, device: DeviceId): Notice {
  return signNotice(account, { kind: 'device-revoked', account: account.account, device, issuedAt: 1 })
}

export function rosterOf(leaves: readonly (Leaf | undefined)[], rest: Partial<Roster> = {}): Roster {
  return { kind: 'group', suite: 'xwing-256', leaves, admins: [], barred: [], pending: [], ...rest }
}

/** A commit of epoch 5 by the member on this leaf. */
export function memberCommit(roster: Roster, leaf: number, rest: Partial<CommitSummary> = {}): CommitSummary {
  const committer = roster.leaves[leaf] as Leaf | undefined
  const sender = { kind: 'member', leaf } as const
  return {
    groupId,
    epoch: 5,
    sender,
    adds: [],
    removes: [],
    rules: undefined,
    pathLeaf: committer,
    evidence: [],
    ...rest,
  }
}

export function externalCommit(joiner: Leaf, removes: readonly number[] = []): CommitSummary {
  return {
    groupId,
    epoch: 5,
    sender: { kind: 'external' },
    adds: [],
    removes,
    rules: undefined,
    pathLeaf: joiner,
    evidence: [],
  }
}

export function addOf(leaf: Leaf): CommitSummary['adds'][number] {
  const lifetime = { notBeforeMs: 0, notAfterMs: 1 }
  return { leaf, suite: leaf.suite, ref: new Uint8Array(64), lifetime, lastResort: false }
}
