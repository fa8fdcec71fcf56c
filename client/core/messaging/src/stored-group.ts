/** A group's state on disk: what a commit changes and what a message changes are two records. */
import { decodeStateParts, encodeStateParts, type GroupState } from '@brieftaube/encryption'
import { put, remove, type Change } from '@brieftaube/storage'
import type { Conversation, Core } from './core.ts'
import { tables } from './tables.ts'

/** What is to be written for this state; the large part only when it is another one than was written last. */
export function groupChanges(conversation: Conversation, state: GroupState | undefined): Change[] {
  const id = conversation.record.conversation
  if (state === undefined) {
    conversation.storedEpoch = undefined
    return [remove(tables.groups, [id]), remove(tables.ratchets, [id])]
  }
  const { epochPart, ratchetPart } = encodeStateParts(state)
  const ratchets = put(tables.ratchets, [id], ratchetPart)
  if (epochPart === conversation.storedEpoch) return [ratchets]
  conversation.storedEpoch = epochPart
  return [put(tables.groups, [id], epochPart), ratchets]
}

export async function readGroup(core: Core, conversation: Conversation): Promise<GroupState | undefined> {
  const id = conversation.record.conversation
  const epochPart = await core.store.get(tables.groups, [id])
  const ratchetPart = await core.store.get(tables.ratchets, [id])
  if (epochPart === undefined || ratchetPart === undefined) return undefined
  const decoded = decodeStateParts({ epochPart, ratchetPart })
  if (decoded.kind === 'ok') return decoded.state
  core.log('group-state-damaged', { reason: decoded.reason })
  return undefined
}
