/** What a signed notice asks for is committed before the next message; if nobody writes, somebody does it a little later. */
import { outstandingRemovals } from '@brieftaube/group-policy'
import type { Conversation, Core } from '../core.ts'
import { carryOut } from './carry-out.ts'

const SOONEST_MS = 500
/** All members wait at random; the larger the group, the longer, so that mostly one commits. */
const PER_MEMBER_MS = 1000
const LATEST_MS = 60_000
const waiting = new WeakSet<Conversation>()

export function removeSoon(core: Core, conversation: Conversation): void {
  if (!isDue(conversation) || waiting.has(conversation)) return
  waiting.add(conversation)
  const spread = Math.min(LATEST_MS, conversation.record.accounts.length * PER_MEMBER_MS)
  core.background.after(SOONEST_MS + Math.random() * spread, 'removals', async () => {
    waiting.delete(conversation)
    if (core.connection !== 'online') return
    await conversation.lane.run(async () => {
      if (isDue(conversation)) await carryOut(core, conversation, { kind: 'removals' }, undefined)
    })
  })
}

function isDue({ group, record }: Conversation): boolean {
  return group !== undefined && record.status === 'active' && outstandingRemovals(group.roster).length > 0
}
