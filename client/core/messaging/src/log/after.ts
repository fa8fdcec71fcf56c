/** What follows from applied entries, once they are stored. */
import { touchConversation } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import { learnProfiles } from '../people/profiles.ts'
import { reportDelivered } from '../chat/receipts.ts'
import { cardSoon } from '../chat/cards.ts'
import { wakePump } from '../send/pump.ts'
import { removeSoon } from '../group/removals.ts'
import { wakeIntents } from '../group/intents.ts'
import { syncSoon } from './sync.ts'
import { repairSoon } from './repair.ts'
import type { Step } from './step.ts'

export function afterApplied(core: Core, conversation: Conversation, step: Step): void {
  for (const counter of step.arrived.keys())
    core.answers.get(answerKey(conversation, counter))?.({ kind: 'applied' })
  for (const entry of step.entries) if (entry.kind === 'text') conversation.typing.delete(entry.account)
  if (step.fromOthers.length > 0) reportDelivered(core, conversation)
  if (step.rosterChanged.yes) {
    learnProfiles(core, step.record.accounts)
    core.hub.touch('contacts')
  }
  if (step.title !== undefined) cardSoon(core, conversation)
  if (step.lostTrack) repairSoon(core, conversation, 'lost-track')
  else if (step.entries.some((entry) => entry.kind === 'broken')) repairSoon(core, conversation, 'broken')
  removeSoon(core, conversation)
  // after a reset by others: a Welcome waits, or this device joins by itself
  if (step.record.status === 'joining' && step.pending === undefined) syncSoon(core)
  touchConversation(core, conversation)
  core.hub.touch('connection')
  wakePump(core, conversation)
  wakeIntents(core, conversation)
}

export function answerKey(conversation: Conversation, counter: number): string {
  return `${conversation.record.conversation}:${String(counter)}`
}
