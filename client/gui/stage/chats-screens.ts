/** The screens of the chats. */
import type { ChatsStageOptions } from './chats-demo.ts'
import { putChats } from './chats-stage.ts'
import { conversationOf } from './chats-people.ts'
import type { Screen } from './screens.ts'
import { signIn } from './signed-in.ts'

function chat(
  id: string | undefined,
  more: Partial<ChatsStageOptions> & { details?: boolean; offline?: boolean } = {},
): Screen {
  const path =
    id === undefined ? '/' : `/chats/${conversationOf(id)}${more.details === true ? '/details' : ''}`
  return {
    path,
    prepare: ({ core, language, settings }) => {
      signIn(core, language, settings)
      if (more.offline === true)
        core.put('connection', {}, { kind: 'offline', waiting: 2, catchingUp: false })
      putChats(core, { lively: true, ...more, language })
    },
  }
}

export const chatScreens: Readonly<Record<string, Screen>> = {
  chats: chat(undefined),
  'chats-empty': chat(undefined, { empty: true }),
  'chats-many': chat(undefined, { chats: 1000 }),
  chat: chat('club'),
  'chat-direct': chat('carla'),
  'chat-states': chat('bob'),
  'chat-rtl': chat('samir'),
  'chat-draft': chat('david'),
  'chat-empty': chat('lukas'),
  'chat-left': chat('oldgroup'),
  'chat-blocked': chat('frieda'),
  'chat-key-changed': chat('jonas'),
  'chat-preparing': chat('mei'),
  'chat-long-name': chat('theresa'),
  'chat-offline': chat('carla', { offline: true }),
  'chat-details': chat('club', { details: true }),
  'chat-details-direct': chat('bob', { details: true }),
  'chat-unknown': chat('nobody'),
  'chat-many': chat('club', { messages: 10_000, chats: 1000 }),
  'chat-all': chat('club', { messages: 10_000, loaded: 10_000, chats: 1000 }),
}
