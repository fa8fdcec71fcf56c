import { decodeBase64Url, ProtocolError, toDevice, type chatRoutes } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { accessConversation } from '../conversations/access-conversation.ts'
import { putCard } from '../conversations/card-store.ts'
import { asMalformed } from '../conversations/check-bundle.ts'
import type { ChatDeps } from '../deps.ts'
import { eventPacket } from '../socket/frame.ts'

export const cardSet: Handler<typeof chatRoutes.cardSet, ChatDeps> = async (
  { body, caller, params },
  deps,
) => {
  const { conversation } = params
  const { version } = body
  await accessConversation(deps.pool, caller, { conversation, as: 'reader' })
  const card = asMalformed(() => decodeBase64Url(body.card))
  const isStored = await putCard(deps.pool, caller.account, { conversation, version, card, at: Date.now() })
  if (!isStored) throw new ProtocolError('conflict', 'Another device changed the card.')
  const packet = eventPacket(toDevice.card, { conversation, version })
  deps.fanOut.deliver({ kind: 'event', accounts: [caller.account], packet })
}
