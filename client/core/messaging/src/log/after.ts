/** What follows from applied entries, once they are stored. */
import { touchConversation } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import { reportDelivered } from '../chat/receipts.ts'
import type { Step } from './step.ts'

export function afterApplied(core: Core, conversation: Conversation, step: Step): void {
  for (const counter of step.arrived.keys())
    core.answers.get(answerKey(conversation, counter))?.({ kind: 'applied' })
  for (const entry of step.entries) if (entry.kind === 'text') conversation.typing.delete(entry.account)
  if (step.fromOthers.length > 0) reportDelivered(core, conversation)
  if (step.rosterChanged.yes) {
    core.follow.learnProfiles(step.record.accounts)
    core.hub.touch('contacts')
  }
  if (step.title !== undefined) core.follow.publishTitle(conversation)
  if (step.lostTrack) core.follow.repair(conversation, 'lost-track')
  else if (step.entries.some((entry) => entry.kind === 'broken')) core.follow.repair(conversation, 'broken')
  core.follow.remove(conversation)
  // after a reset by others: a Welcome waits, or this device joins by itself
  if (step.record.status === 'joining' && step.pending === undefined) core.follow.sync()
  touchConversation(core, conversation)
  core.hub.touch('connection')
  core.follow.send(conversation)
  core.follow.carryOutIntents(conversation)
}

export function answerKey(conversation: Conversation, counter: number): string {
  return `${conversation.record.conversation}:${String(counter)}`
}
