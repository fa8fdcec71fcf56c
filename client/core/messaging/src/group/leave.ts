/** Leaving: the server is told with a signed statement and lets nothing more through; the others commit the Remove. */
import { signLeave } from '@brieftaube/encryption'
import { chatRoutes, encodeBase64Url, ProtocolError, type ConversationId } from '@brieftaube/protocol'
import { loadGroup, save, touchConversation } from '../conversation.ts'
import { conversationOf, selfOf, type Core } from '../core.ts'
import { catchUp } from '../log/drain.ts'

export async function leaveConversation(core: Core, id: ConversationId): Promise<void> {
  const conversation = conversationOf(core, id)
  if (conversation.record.status === 'left') return
  await conversation.lane.run(async () => {
    await catchUp(core, conversation)
    await loadGroup(core, conversation)
    const { generation, epoch } = conversation.record
    const statement = signLeave(selfOf(core).vault, {
      conversation: id,
      generation,
      epoch,
      issuedAt: core.clock.now(),
    })
    await tell(core, id, encodeBase64Url(statement))
    await save(core, conversation, { status: 'left' })
  })
  touchConversation(core, conversation)
  // who was left may be written to anew
  core.hub.touch('contacts')
}

/** not-found: it is done already. */
async function tell(core: Core, id: ConversationId, statement: string): Promise<void> {
  try {
    await core.api.call(chatRoutes.conversationLeave, { params: { conversation: id }, body: { statement } })
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError && thrown.code === 'not-found')) throw thrown
  }
}
