/** Every command of the contract and the use case that carries it out. */
import { changeSettings as applySettings } from '@brieftaube/settings'
import { put } from '@brieftaube/storage'
import { conversationIdSchema } from '@brieftaube/protocol'
import type { CommandContext, CommandInput, CommandName, CommandReply } from '@brieftaube/contract'
import { renameDevice, revokeDevice } from './account/devices.ts'
import { changePassword, logIn, logInWithRecoveryKey } from './account/log-in.ts'
import { logOut } from './account/session.ts'
import { confirmRecoveryKey, register } from './account/sign-up.ts'
import { markRead } from './chat/receipts.ts'
import { sendTyping } from './chat/typing.ts'
import { setDraft, showConversation } from './chat/draft.ts'
import type { Core } from './core.ts'
import { createGroupWith, openDirect } from './group/create.ts'
import { changeMembers } from './group/intents.ts'
import { leaveConversation } from './group/leave.ts'
import { renameGroup } from './group/title.ts'
import { changeContact, findAccount } from './people/contacts.ts'
import { acceptKeyChange, safetyNumberWith, setVerified } from './people/pins.ts'
import { setPicture, updateProfile } from './people/profiles.ts'
import { discardMessage, retryMessage } from './send/outbox.ts'
import { sendText } from './send/send-text.ts'
import { tables } from './tables.ts'
import { loadOlder } from './views/messages.ts'

type Carry<Name extends CommandName> = (
  core: Core,
  input: CommandInput<Name>,
  context: CommandContext | undefined,
) => Promise<CommandReply<Name>>

export const commands: { readonly [Name in CommandName]: Carry<Name> } = {
  register,
  confirmRecoveryKey: (core, { lastCharacters }) => nothing(confirmRecoveryKey(core, lastCharacters)),
  logIn: (core, input) => nothing(logIn(core, input)),
  logInWithRecoveryKey: (core, input) => nothing(logInWithRecoveryKey(core, input)),
  changePassword: (core, input) => nothing(changePassword(core, input)),
  logOut: (core) => nothing(logOut(core)),

  updateProfile: (core, input) => nothing(updateProfile(core, input)),
  setPicture: (core, { picture }) => nothing(setPicture(core, picture)),
  renameDevice: (core, { device, name }) => nothing(renameDevice(core, device, name)),
  revokeDevice: (core, { device }) => nothing(revokeDevice(core, device)),

  findAccount: async (core, { userName }) => ({ person: await findAccount(core, userName) }),
  changeContact: (core, input) => nothing(changeContact(core, input)),
  acceptKeyChange: (core, { account }) => nothing(acceptKeyChange(core, account)),
  safetyNumber: async (core, { account }) =>
    Promise.resolve({ digits: safetyNumberWith(core, account).digits }),
  setVerified: (core, { account, verified }) => nothing(setVerified(core, account, verified)),

  openDirect: async (core, { account }) => ({ conversation: await openDirect(core, account) }),
  createGroup: async (core, input, context) => {
    const id = conversationIdSchema.safeParse(context?.id)
    return { conversation: await createGroupWith(core, input, id.success ? id.data : undefined) }
  },
  renameGroup: (core, { conversation, title }) => nothing(renameGroup(core, conversation, title)),
  addMembers: (core, { conversation, members }) =>
    nothing(changeMembers(core, conversation, { kind: 'add', accounts: members })),
  removeMember: (core, { conversation, account }) =>
    nothing(changeMembers(core, conversation, { kind: 'remove', account })),
  setAdmin: (core, { conversation, account, admin }) =>
    nothing(changeMembers(core, conversation, { kind: 'admin', account, admin })),
  leaveConversation: (core, { conversation }) => nothing(leaveConversation(core, conversation)),
  showConversation: (core, { conversation }) => nothing(showConversation(core, conversation)),

  sendText: (core, input) => nothing(sendText(core, input)),
  retryMessage: (core, { conversation, localId }) => nothing(retryMessage(core, conversation, localId)),
  discardMessage: (core, { conversation, localId }) => nothing(discardMessage(core, conversation, localId)),
  setDraft: (core, { conversation, text }) => nothing(setDraft(core, conversation, text)),
  typing: (core, { conversation }) => nothing(sendTyping(core, conversation)),
  markRead: (core, { conversation, seq }) => nothing(markRead(core, conversation, seq)),
  loadOlder: (core, { conversation }) => loadOlder(core, conversation),

  changeSettings: async (core, change) => {
    core.settings = applySettings(core.settings, change)
    await core.store.commit([put(tables.settings, ['self'], core.settings)])
    core.hub.touch('settings')
    return undefined
  },
  reconnect: async (core) => {
    core.socket?.reconnect()
    return Promise.resolve(undefined)
  },
}

async function nothing(work: Promise<unknown>): Promise<undefined> {
  await work
  return undefined
}
