/** Changes of membership that this user asked for: kept until they are done, over restarts and lost races. */
import type { ConversationId } from '@brieftaube/protocol'
import { put } from '@brieftaube/storage'
import { randomId } from '@brieftaube/encryption'
import { conversationOf, type Conversation, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import type { IntentRecord, Wish } from '../records.ts'
import { tables } from '../tables.ts'
import { carryOut, seeThrough } from './carry-out.ts'
import { sendTitleAgain } from './title.ts'

/** Rejects when it is refused; without a connection the wish is kept and `offline` is said. */
export async function changeMembers(core: Core, id: ConversationId, wish: Wish): Promise<void> {
  const conversation = conversationOf(core, id)
  if (conversation.record.status !== 'active') fail('forbidden', 'not a member')
  const intent: IntentRecord = { id: randomId<ConversationId>(), conversation: id, wish }
  await core.store.commit([put(tables.intents, [id, intent.id], intent)])
  conversation.intents = [...conversation.intents, intent]
  await conversation.lane.run(() => fulfil(core, conversation, intent))
}

async function fulfil(core: Core, conversation: Conversation, intent: IntentRecord): Promise<void> {
  await carryOut(core, conversation, intent.wish, intent)
  if (intent.wish.kind === 'add') await sendTitleAgain(core, conversation)
}

const working = new WeakSet<Conversation>()

/** After connecting and after every change: what was begun is ended, what is still wished is done. */
export function wakeIntents(core: Core, conversation: Conversation): void {
  const waits = conversation.intents.length > 0 || conversation.pending !== undefined
  if (!waits || working.has(conversation) || core.connection !== 'online') return
  working.add(conversation)
  core.background.run('intents', async () => {
    try {
      await conversation.lane.run(async () => {
        await seeThrough(core, conversation)
        for (const intent of [...conversation.intents]) await fulfil(core, conversation, intent)
      })
    } finally {
      working.delete(conversation)
    }
  })
}
