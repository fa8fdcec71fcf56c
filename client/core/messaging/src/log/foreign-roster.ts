/**
 * A GroupInfo or a Welcome comes from the server, with whatever members it likes. Where this device has been before, what
 * it knows is compared: the two of a direct conversation stay the same two, and nobody gets into a group without a line.
 */
import { accountsOf, sortIds, type Roster } from '@brieftaube/group-policy'
import type { AccountId } from '@brieftaube/protocol'
import { selfOf, type Core } from '../core.ts'
import type { ConversationRecord, StoredEvent } from '../records.ts'

/** Whether this roster cannot be that of the conversation: another kind, or a direct one of other people. */
export function isForeign(core: Core, record: ConversationRecord, roster: Roster): boolean {
  if (record.kind !== roster.kind) return true
  if (roster.kind === 'group' || record.peer === undefined) return false
  const pair = sortIds([selfOf(core).account, record.peer])
  return roster.admins.length !== pair.length || roster.admins.some((party, index) => party !== pair[index])
}

/** Nobody added or removed these: the server went back to an older list of members. */
export function linesAfterRestore(known: readonly AccountId[], roster: Roster): StoredEvent[] {
  const accounts = accountsOf(roster)
  const back = accounts.filter((account) => !known.includes(account))
  const gone = known.filter((account) => !accounts.includes(account))
  return back.length + gone.length === 0 ? [] : [{ kind: 'restored-members', back, gone }]
}

/** Lines for whoever came and went since this device last knew the members; none for a place that is new to it. */
export function linesBetween(known: readonly AccountId[], roster: Roster, by: AccountId): StoredEvent[] {
  if (known.length === 0) return []
  const accounts = accountsOf(roster)
  const who = accounts.filter((account) => !known.includes(account))
  const gone = known.filter((account) => !accounts.includes(account))
  const added: StoredEvent[] = who.length === 0 ? [] : [{ kind: 'members-added', by, who }]
  return [...added, ...gone.map((account) => ({ kind: 'member-removed', by, who: account }) as const)]
}
