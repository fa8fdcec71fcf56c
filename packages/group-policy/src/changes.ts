/** What a commit changed for people: the lines that a conversation shows. */
import type { AccountId, DeviceId } from '@brieftaube/protocol'
import type { RosterLeaf } from './leaf.ts'
import type { Notice } from './notice.ts'
import { accountsOf, effectiveAdmins, seatedLeaves, type Roster } from './roster.ts'

export interface Author {
  readonly account: AccountId
  readonly device: DeviceId
}

export type Change =
  | { readonly kind: 'account-added'; readonly account: AccountId; readonly by: Author }
  | {
      readonly kind: 'account-removed'
      readonly account: AccountId
      readonly by: Author
      readonly left: boolean
    }
  | {
      readonly kind: 'device-added'
      readonly account: AccountId
      readonly device: DeviceId
      readonly by: Author
    }
  | {
      readonly kind: 'device-removed'
      readonly account: AccountId
      readonly device: DeviceId
      readonly by: Author
    }
  | { readonly kind: 'admins-changed'; readonly admins: readonly AccountId[]; readonly by: Author }

/** Devices of an account that comes or goes as a whole are not listed one by one. `left`: by its own signed wish. */
export function changesBetween(
  before: Roster,
  after: Roster,
  committer: RosterLeaf,
  evidence: readonly Notice[],
): Change[] {
  const by = { account: committer.account, device: committer.device }
  const accountsBefore = new Set(accountsOf(before))
  const accountsAfter = new Set(accountsOf(after))
  const leavers = new Set(
    evidence.filter((notice) => notice.kind === 'leave').map((notice) => notice.account),
  )
  const stayed = (leaf: RosterLeaf) => accountsBefore.has(leaf.account) && accountsAfter.has(leaf.account)
  const devicesBefore = new Set(seatedLeaves(before).map((leaf) => leaf.device))
  const devicesAfter = new Set(seatedLeaves(after).map((leaf) => leaf.device))
  const adminsBefore = effectiveAdmins(before)
  const admins = effectiveAdmins(after)
  const adminsChanged =
    admins.length !== adminsBefore.length || admins.some((admin) => !adminsBefore.includes(admin))
  return [
    ...[...accountsBefore]
      .filter((account) => !accountsAfter.has(account))
      .map((account): Change => ({ kind: 'account-removed', account, by, left: leavers.has(account) })),
    ...seatedLeaves(before)
      .filter((leaf) => stayed(leaf) && !devicesAfter.has(leaf.device))
      .map(({ account, device }): Change => ({ kind: 'device-removed', account, device, by })),
    ...[...accountsAfter]
      .filter((account) => !accountsBefore.has(account))
      .map((account): Change => ({ kind: 'account-added', account, by })),
    ...seatedLeaves(after)
      .filter((leaf) => stayed(leaf) && !devicesBefore.has(leaf.device))
      .map(({ account, device }): Change => ({ kind: 'device-added', account, device, by })),
    ...(adminsChanged && after.kind === 'group' ? [{ kind: 'admins-changed', admins, by } as const] : []),
  ]
}
