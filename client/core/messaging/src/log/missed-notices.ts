/**
 * Notices from before this device joined: they come with the Welcome or the join point. What came between the join point
 * and the own commit is looked up once the server asks for a removal that nothing is known of. They are signed, so that
 * it does not matter how they were come by.
 */
import { applyNotice, type GroupState } from '@brieftaube/encryption'
import { chatRoutes, decodeEntries, limits } from '@brieftaube/protocol'
import { loadGroup, setGroup } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import { groupChanges } from '../stored-group.ts'

const PAGES = 20

/** Only inside the lane. */
export async function findMissedNotices(core: Core, conversation: Conversation): Promise<void> {
  let group = await loadGroup(core, conversation)
  if (group === undefined) return
  let before = conversation.record.joinedSeq + 1
  for (let page = 0; page < PAGES && before > 1; page++) {
    const params = { conversation: conversation.record.conversation }
    const query = { before, limit: limits.catchUpPageEntries }
    const entries = decodeEntries(await core.api.call(chatRoutes.logPage, { params, query }))
    for (const entry of entries) if (entry.kind === 'notice') group = withNotice(group, entry.mls)
    before = entries[0]?.seq ?? 1
    if (entries.length < limits.catchUpPageEntries) break
  }
  if (group === conversation.group) return
  await core.store.commit(groupChanges(conversation, group))
  setGroup(core, conversation, group)
}

/** What the server handed over with a Welcome or a join point; only what is signed counts. */
export function withNotices(group: GroupState, notices: readonly Uint8Array[]): GroupState {
  return notices.reduce(withNotice, group)
}

function withNotice(group: GroupState, bytes: Uint8Array): GroupState {
  const applied = applyNotice(group, bytes)
  return applied.kind === 'ok' ? applied.state : group
}
