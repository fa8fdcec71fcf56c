/** The messaging core over its ports: commands in, views out. */
import { CommandError, type CoreHost } from '@brieftaube/contract'
import type { ConversationId } from '@brieftaube/protocol'
import { defaultSettings } from '@brieftaube/settings'
import { refreshDevices } from './account/devices.ts'
import { endSession, resumeSession, storageLost } from './account/session.ts'
import { createBackground } from './background.ts'
import { commands } from './commands.ts'
import { disconnect } from './connection.ts'
import { loadGroup } from './conversation.ts'
import type { Core, Ports } from './core.ts'
import { failureOf } from './failure.ts'
import { cardSoon } from './chat/cards.ts'
import { wakeIntents } from './group/intents.ts'
import { removeSoon } from './group/removals.ts'
import { repairSoon } from './log/repair.ts'
import { followRestoreSoon } from './log/restored.ts'
import { syncSoon } from './log/sync.ts'
import { learnProfiles } from './people/profiles.ts'
import { wakePump } from './send/pump.ts'
import { createHub, type Hub } from './hub.ts'
import { contactsView, devicesView, profileView } from './views/people.ts'
import { conversationsView, conversationView } from './views/conversations.ts'
import { closeWindow, messagesView, openWindow } from './views/messages.ts'

/** Takes up what is stored and goes on. Rejects with `StorageError` when the store cannot be read. */
export async function startMessaging(ports: Ports): Promise<CoreHost> {
  const core = createCore(ports)
  const stopListening = ports.api.onSignedOut((reason) => {
    core.background.run('session-ended', () => endSession(core, reason))
  })
  const stopWatching = ports.api.onRestored(() => followRestoreSoon(core))
  ports.store.onLost(() => core.background.run('storage-lost', () => storageLost(core)))
  await resumeSession(core)
  return {
    call: async (name, input, context) => {
      try {
        return await commands[name](core, input, context)
      } catch (thrown) {
        throw new CommandError(failureOf(thrown, core.log))
      }
    },
    watch: core.hub.watch,
    [Symbol.asyncDispose]: async () => {
      core.closed = true
      stopListening()
      stopWatching()
      core.hub.close()
      await disconnect(core)
      await core.background.close()
      await core.store[Symbol.asyncDispose]()
    },
  }
}

function createCore(ports: Ports): Core {
  const background = createBackground(ports.log)
  const core: Core = {
    ...ports,
    background,
    follow: {
      send: (conversation) => wakePump(core, conversation),
      sync: () => syncSoon(core),
      repair: (conversation, trouble) => repairSoon(core, conversation, trouble),
      remove: (conversation) => removeSoon(core, conversation),
      carryOutIntents: (conversation) => wakeIntents(core, conversation),
      publishTitle: (conversation) => cardSoon(core, conversation),
      learnProfiles: (accounts) => learnProfiles(core, accounts),
    },
    hub: createHub(
      {
        session: () => core.session,
        connection: () => connectionView(core),
        profile: () => profileView(core),
        devices: () => devicesView(core),
        contacts: () => (core.self === undefined ? undefined : contactsView(core)),
        conversations: () => (core.self === undefined ? undefined : conversationsView(core)),
        conversation: ({ conversation }) => {
          if (core.conversations.get(conversation)?.groupLoaded === false)
            core.background.run('conversation', () => openConversation(core, conversation))
          return conversationView(core, conversation)
        },
        messages: ({ conversation }) => {
          // also when it came to be, or somebody signed in again, after the view was opened
          if (core.conversations.get(conversation)?.window === undefined)
            core.background.run('messages', () => openWindow(core, conversation))
          return messagesView(core, conversation)
        },
        settings: () => core.settings,
      },
      {
        opened: (name) => viewOpened(core, name),
        closed: (name, parameter) => {
          if (name === 'messages') closeWindow(core, idOf(parameter))
        },
      },
    ),
    conversations: new Map(),
    contacts: new Map(),
    profiles: new Map(),
    pins: new Map(),
    online: new Set(),
    answers: new Map(),
    session: { kind: 'loading' },
    connection: 'offline',
    catchingUp: false,
    self: undefined,
    lostDevice: undefined,
    socket: undefined,
    settings: defaultSettings,
    sync: { since: 0, contactsVersion: 0 },
    shown: undefined,
    sentIds: { ids: new Set(), complete: false },
    closed: false,
  }
  return core
}

function connectionView(core: Core) {
  let waiting = 0
  for (const { outbox } of core.conversations.values())
    waiting += outbox.filter((item) => item.text !== undefined && item.failure === undefined).length
  return { kind: core.connection, waiting, catchingUp: core.catchingUp }
}

/** What a view shows is fetched when somebody looks. */
function viewOpened(core: Core, name: Parameters<Hub['touch']>[0]): void {
  if (name === 'devices' && core.connection === 'online')
    core.background.run('devices', () => refreshDevices(core))
}

async function openConversation(core: Core, id: ConversationId): Promise<void> {
  const conversation = core.conversations.get(id)
  if (conversation === undefined) return
  await conversation.lane.run(() => loadGroup(core, conversation))
  core.hub.touch('conversation', id)
}

function idOf(parameter: unknown): ConversationId {
  return (parameter as { conversation: ConversationId }).conversation
}
