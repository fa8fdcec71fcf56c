/** What may be done with a member, in the order of the menu. */
import type { ConversationView, MemberView } from '@brieftaube/contract'

export type MemberAction = 'person' | 'make-admin' | 'unmake-admin' | 'remove'

export function memberActions(view: ConversationView, member: MemberView): readonly MemberAction[] {
  if (member.own) return []
  if (!view.active || view.ownRole !== 'admin') return ['person']
  return ['person', member.admin ? 'unmake-admin' : 'make-admin', 'remove']
}

/** Oneself first, then admins, then the others by name. */
export function orderedMembers(members: readonly MemberView[]): readonly MemberView[] {
  return [...members].sort(
    (one, other) =>
      Number(other.own) - Number(one.own) ||
      Number(other.admin) - Number(one.admin) ||
      one.displayName.localeCompare(other.displayName),
  )
}
