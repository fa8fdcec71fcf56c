/** "is typing": sealed for the members of this epoch, never stored. */
import { openEphemeral, sealEphemeral } from '@brieftaube/encryption'
import { decodeText, encodeText, limits, type ConversationId, type FromEphemeral } from '@brieftaube/protocol'
import { loadGroup } from '../conversation.ts'
import { conversationOf, selfOf, type Core } from '../core.ts'

const TYPING = 'typing'
const lastSentAt = new WeakMap<object, number>()

export async function sendTyping(core: Core, id: ConversationId): Promise<void> {
  const conversation = conversationOf(core, id)
  const now = core.clock.now()
  if (!core.settings.sendTyping || core.connection !== 'online' || conversation.record.status !== 'active')
    return
  if (now - (lastSentAt.get(conversation) ?? -Infinity) < limits.typingEveryMs) return
  lastSentAt.set(conversation, now)
  const group = await conversation.lane.run(() => loadGroup(core, conversation))
  if (group === undefined || conversation.keyChanged.length > 0) return
  const sealed = await sealEphemeral(group, encodeText(TYPING), now)
  if (sealed.kind === 'refused') return
  const { generation, epoch } = group
  core.socket?.send('ephemeral', { conversation: id, generation, epoch, sealed: sealed.bytes })
}

export async function receiveEphemeral(core: Core, event: FromEphemeral): Promise<void> {
  const conversation = core.conversations.get(event.conversation)
  if (conversation === undefined) return
  const group = await conversation.lane.run(() => loadGroup(core, conversation))
  if (group === undefined) return
  const opened = await openEphemeral(group, event.sealed)
  if (opened.kind === 'refused' || opened.sender.device !== event.device) return
  if (opened.sender.account === selfOf(core).account || decodeText(opened.payload) !== TYPING) return
  const until = core.clock.now() + limits.typingExpiresMs
  conversation.typing.set(opened.sender.account, until)
  touchTyping(core, event.conversation)
  core.background.after(limits.typingExpiresMs + 50, 'typing-ends', async () => {
    const current = conversation.typing.get(opened.sender.account)
    if (current !== undefined && current <= core.clock.now())
      conversation.typing.delete(opened.sender.account)
    touchTyping(core, event.conversation)
    return Promise.resolve()
  })
}

function touchTyping(core: Core, id: ConversationId): void {
  core.hub.touch('conversations')
  core.hub.touch('conversation', id)
}
