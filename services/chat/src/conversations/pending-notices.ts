/** What somebody who joins now must know of removals that are asked for and not committed. */
import { encodeNotice, type Roster } from '@brieftaube/group-policy'
import { limits, type Bytes } from '@brieftaube/protocol'

export function pendingNotices(roster: Pick<Roster, 'pending'>): Bytes[] {
  return roster.pending.slice(0, limits.pendingNotices).map(encodeNotice)
}
