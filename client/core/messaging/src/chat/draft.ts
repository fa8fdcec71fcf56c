/** Drafts and which conversation is on screen. */
import { limits, type ConversationId } from '@brieftaube/protocol'
import { save } from '../conversation.ts'
import { conversationOf, type Core } from '../core.ts'

export async function setDraft(core: Core, id: ConversationId, text: string): Promise<void> {
  const conversation = conversationOf(core, id)
  const draft = text.slice(0, limits.bodyMaxBytes / 4)
  if (conversation.record.draft === draft) return
  await save(core, conversation, { draft })
  core.hub.touch('conversations')
  core.hub.touch('conversation', id)
}

export async function showConversation(core: Core, id: ConversationId | undefined): Promise<void> {
  core.shown = id
  core.socket?.send('openConversation', { conversation: id ?? null })
  const conversation = id === undefined ? undefined : core.conversations.get(id)
  if (conversation !== undefined) core.follow.send(conversation)
  return Promise.resolve()
}
