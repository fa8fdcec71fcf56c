/** The only door to a conversation: authorises the account and loads where it stands. Foreign and unknown look alike. */
import { ProtocolError, type AccountId, type ConversationId } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { loadStanding, type Standing } from './conversation-store.ts'

export type AccessAs = 'member' | 'reader'

/** `reader`: also who was a member, for the time it was one. Throws `not-found`. */
export async function accessConversation(
  db: Queryable,
  caller: { readonly account: AccountId },
  request: { readonly conversation: ConversationId; readonly as: AccessAs },
): Promise<Standing> {
  const standing = await loadStanding(db, caller.account, request.conversation)
  const isMember = standing?.intervals.at(-1)?.untilSeq === undefined
  if (standing === undefined || (request.as === 'member' && !isMember)) throw noConversation()
  return standing
}

export function noConversation(): ProtocolError {
  return new ProtocolError('not-found', 'There is no such conversation.')
}
