/** A group's title travels as a message of kind group-info, and to the own other devices as a card. */
import { cleanName, titleMaxChars } from '@brieftaube/content'
import { randomId } from '@brieftaube/encryption'
import type { ConversationId } from '@brieftaube/protocol'
import { conversationOf, type Conversation, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import { enqueue } from '../send/send-text.ts'

export async function renameGroup(core: Core, id: ConversationId, title: string): Promise<void> {
  const conversation = conversationOf(core, id)
  if (conversation.record.kind !== 'group' || conversation.record.status !== 'active')
    fail('forbidden', 'not a group of this account')
  await sendTitle(core, conversation, readTitle(title))
}

/** Whoever comes later cannot read what was before. */
export async function sendTitleAgain(core: Core, conversation: Conversation): Promise<void> {
  const { kind, title } = conversation.record
  if (kind === 'group' && title !== '') await sendTitle(core, conversation, title)
}

async function sendTitle(core: Core, conversation: Conversation, title: string): Promise<void> {
  await enqueue(core, conversation, { kind: 'group-info', title }, { localId: randomId<ConversationId>() })
}

export function readTitle(title: string): string {
  const clean = cleanName(title, titleMaxChars)
  if (clean === '') fail('empty-text', 'a group has a title')
  return clean
}
