/** What a wish needs now, in this group as it is: nothing, or a plan for one commit. */
import {
  decodeKeyPackage,
  effectiveAdmins,
  outstandingRemovals,
  seatedLeaves,
} from '@brieftaube/group-policy'
import type { CommitPlan, GroupState } from '@brieftaube/encryption'
import {
  chatRoutes,
  decodeClaimedKeyPackages,
  MalformedError,
  type AccountId,
  type ClaimedKeyPackage,
} from '@brieftaube/protocol'
import { suiteFacts, type Suite } from '@brieftaube/group-policy'
import { selfOf, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import { acceptsKey } from '../people/pins.ts'
import type { Wish } from '../records.ts'

/** Key packages are claimed once per wish, and used again after a lost race. */
export interface Claims {
  of(accounts: readonly AccountId[], suite: Suite): Promise<readonly ClaimedKeyPackage[]>
}

export function createClaims(core: Core): Claims {
  const claimed = new Map<AccountId, ClaimedKeyPackage[]>()
  return {
    of: async (accounts, suite) => {
      const missing = accounts.filter((account) => !claimed.has(account))
      if (missing.length > 0) {
        const all = await claimKeyPackages(core, missing, suite)
        for (const account of missing)
          claimed.set(
            account,
            all.filter((each) => each.account === account),
          )
      }
      return accounts.flatMap((account) => claimed.get(account) ?? [])
    },
  }
}

/** Checked before use: of the account and device that it is said to be of, under the key that is pinned for the account. */
async function claimKeyPackages(
  core: Core,
  accounts: readonly AccountId[],
  suite: Suite,
): Promise<ClaimedKeyPackage[]> {
  const body = { accounts: [...accounts], suite: suiteFacts[suite].id }
  const claimed = decodeClaimedKeyPackages(await core.api.call(chatRoutes.keyPackageClaim, { body }))
  for (const { account, device, keyPackage } of claimed) {
    const leaf = readLeaf(keyPackage)
    if (leaf?.account !== account || leaf.device !== device || !accounts.includes(account))
      fail('decryption-failed', 'a key package of somebody else')
    if (!(await acceptsKey(core, account, leaf.accountKey)))
      fail('key-changed', 'the account key has changed')
  }
  return claimed
}

function readLeaf(keyPackage: Uint8Array) {
  try {
    return decodeKeyPackage(keyPackage).leaf
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined
    throw thrown
  }
}

/** undefined: there is nothing left to do. */
export async function planOf(group: GroupState, wish: Wish, claims: Claims): Promise<CommitPlan | undefined> {
  const { roster } = group
  switch (wish.kind) {
    case 'removals':
      return outstandingRemovals(roster).length === 0 ? undefined : {}
    case 'add': {
      const seated = new Set(seatedLeaves(roster).map((leaf) => leaf.account))
      const missing = wish.accounts.filter((account) => !seated.has(account))
      if (missing.length === 0) return undefined
      const claimed = await claims.of(missing, group.suite)
      const without = missing.find((account) => !claimed.some((each) => each.account === account))
      if (without !== undefined) fail('no-key-packages', 'this account has no device that can be added')
      return { adds: claimed.map((each) => each.keyPackage) }
    }
    case 'remove': {
      const leaves = seatedLeaves(roster).filter((leaf) => leaf.account === wish.account)
      return leaves.length === 0 ? undefined : { removes: leaves.map((leaf) => leaf.index) }
    }
    case 'admin': {
      const admins = effectiveAdmins(roster)
      if (admins.includes(wish.account) === wish.admin) return undefined
      const next = wish.admin
        ? [...admins, wish.account]
        : admins.filter((account) => account !== wish.account)
      if (next.length === 0) fail('forbidden', 'a group has an admin')
      return { admins: next }
    }
  }
}

/** Every device of these accounts and the other devices of the own account, for the first commit of a new group. */
export async function firstAdds(
  core: Core,
  accounts: readonly AccountId[],
  suite: Suite,
): Promise<CommitPlan> {
  const own = selfOf(core).account
  const claimed = await claimKeyPackages(core, [...accounts, own], suite)
  const without = accounts.find((account) => !claimed.some((each) => each.account === account))
  if (without !== undefined) fail('no-key-packages', 'this account has no device that can be added')
  return { adds: claimed.map((each) => each.keyPackage) }
}
