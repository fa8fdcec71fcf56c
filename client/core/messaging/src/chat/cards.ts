/** The card: what this account notes about a conversation (its title), sealed under the history key for its other devices. */
import { cleanName, titleMaxChars } from '@brieftaube/content'
import { openCard, sealCard } from '@brieftaube/encryption'
import {
  chatRoutes,
  decodeBase64Url,
  decodeText,
  encodeBase64Url,
  encodeText,
  MalformedError,
  ProtocolError,
  type SealedCard,
} from '@brieftaube/protocol'
import { save, touchConversation } from '../conversation.ts'
import { selfOf, type Conversation, type Core } from '../core.ts'

/** Writes the card if the title it should hold is newer than what is stored; another device may have been faster. */
export function cardSoon(core: Core, conversation: Conversation): void {
  core.background.after(50 + Math.random() * 500, 'card', () => writeCard(core, conversation))
}

async function writeCard(core: Core, conversation: Conversation): Promise<void> {
  const { conversation: id, title, cardVersion } = conversation.record
  if (conversation.record.kind !== 'group' || title === '') return
  const { vault } = selfOf(core)
  const sealed = await sealCard(vault, id, encodeText(JSON.stringify({ title })))
  const version = cardVersion + 1
  try {
    await core.api.call(chatRoutes.cardSet, {
      params: { conversation: id },
      body: { version, card: encodeBase64Url(sealed) },
    })
    await save(core, conversation, { cardVersion: Math.max(conversation.record.cardVersion, version) })
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError && thrown.code === 'conflict')) throw thrown
  }
}

/** A title from the log is newer than any card, so a card only fills in what is not known yet. */
export async function applyCard(core: Core, card: SealedCard): Promise<void> {
  const conversation = core.conversations.get(card.conversation)
  if (conversation === undefined || card.version <= conversation.record.cardVersion) return
  const title = await readTitle(core, card)
  const fills = conversation.record.title === '' && title !== undefined
  await save(core, conversation, { cardVersion: card.version, ...(fills ? { title } : {}) })
  touchConversation(core, conversation)
}

async function readTitle(core: Core, sealed: SealedCard): Promise<string | undefined> {
  try {
    const bytes = await openCard(selfOf(core).vault, sealed.conversation, decodeBase64Url(sealed.card))
    if (bytes === undefined) return undefined
    const card: unknown = JSON.parse(decodeText(bytes))
    if (typeof card !== 'object' || card === null || !('title' in card) || typeof card.title !== 'string')
      return undefined
    return cleanName(card.title, titleMaxChars)
  } catch (thrown) {
    if (thrown instanceof MalformedError || thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}
