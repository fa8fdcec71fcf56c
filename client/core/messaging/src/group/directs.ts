/** Which direct conversation belongs to whom. */
import type { AccountId } from '@brieftaube/protocol'
import type { Conversation, Core } from '../core.ts'

/** By the other account. One that either has left is over, and not among them: the next begins anew. */
export function directs(core: Core): ReadonlyMap<AccountId, Conversation> {
  const found = new Map<AccountId, Conversation>()
  for (const conversation of core.conversations.values()) {
    const { kind, peer } = conversation.record
    if (kind === 'direct' && peer !== undefined && !isOver(conversation, peer)) found.set(peer, conversation)
  }
  return found
}

/** While it is being made or joined, its members are not known yet. */
function isOver({ record, pending }: Conversation, peer: AccountId): boolean {
  if (record.status === 'left') return true
  if (record.status === 'joining' || pending?.kind === 'create') return false
  return !record.accounts.includes(peer)
}
