/** Pinned account keys against those in a group. They act on sending only: a client never rejects a commit for its own pins. */
import { seatedLeaves, type Roster } from '@brieftaube/group-policy'
import { equalBytes, type AccountId, type Bytes } from '@brieftaube/protocol'

export interface PinMismatch {
  readonly account: AccountId
  readonly pinned: Bytes
  readonly found: Bytes
}

/** Not empty: stop sending and say so. */
export function comparePins(
  pins: ReadonlyMap<AccountId, Bytes>,
  roster: Pick<Roster, 'leaves'>,
): PinMismatch[] {
  const mismatches = new Map<AccountId, PinMismatch>()
  for (const { account, accountKey } of seatedLeaves(roster)) {
    const pinned = pins.get(account)
    if (pinned !== undefined && !equalBytes(pinned, accountKey))
      mismatches.set(account, { account, pinned, found: accountKey })
  }
  return [...mismatches.values()]
}
