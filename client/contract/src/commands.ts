/** Everything a window may ask of the core. Inputs and replies are structured-cloneable. */
import type { AccountId, ClientId, ConversationId, DeviceId } from '@brieftaube/protocol'
import type { Settings } from './settings.ts'
import type { PersonView } from './views.ts'

interface Command<Input, Reply = undefined> {
  readonly input: Input
  readonly reply: Reply
}

export interface Commands {
  // signing in
  readonly register: Command<
    {
      userName: string
      displayName: string
      password: string
      invite?: string | undefined
      deviceName: string
    },
    /** Groups of four, shown once. The session is usable only after `confirmRecoveryKey`. */
    { recoveryKey: string }
  >
  /** The last four characters; `wrong-recovery-key` when they differ. */
  readonly confirmRecoveryKey: Command<{ lastCharacters: string }>
  readonly logIn: Command<{ userName: string; password: string; deviceName: string }>
  readonly logInWithRecoveryKey: Command<{
    userName: string
    recoveryKey: string
    newPassword?: string | undefined
    deviceName: string
  }>
  readonly changePassword: Command<{ oldPassword: string; newPassword: string }>
  /** Revokes this device and wipes what it stored. */
  readonly logOut: Command<Record<string, never>>

  // profile and devices
  readonly updateProfile: Command<{ displayName?: string | undefined; statusText?: string | undefined }>
  readonly setPicture: Command<{ picture: Uint8Array | undefined }>
  readonly renameDevice: Command<{ device: DeviceId; name: string }>
  readonly revokeDevice: Command<{ device: DeviceId }>

  // contacts
  readonly findAccount: Command<{ userName: string }, { person: PersonView | undefined }>
  readonly changeContact: Command<{
    account: AccountId
    action: 'request' | 'accept' | 'decline' | 'block' | 'unblock' | 'remove'
  }>
  /** Accepts a changed account key after the user has read what it means. */
  readonly acceptKeyChange: Command<{ account: AccountId }>
  readonly safetyNumber: Command<{ account: AccountId }, { digits: string }>
  readonly setVerified: Command<{ account: AccountId; verified: boolean }>

  // conversations
  /** Finds or makes the direct conversation. */
  readonly openDirect: Command<{ account: AccountId }, { conversation: ConversationId }>
  readonly createGroup: Command<{ title: string; members: AccountId[] }, { conversation: ConversationId }>
  readonly renameGroup: Command<{ conversation: ConversationId; title: string }>
  readonly addMembers: Command<{ conversation: ConversationId; members: AccountId[] }>
  readonly removeMember: Command<{ conversation: ConversationId; account: AccountId }>
  readonly setAdmin: Command<{ conversation: ConversationId; account: AccountId; admin: boolean }>
  readonly leaveConversation: Command<{ conversation: ConversationId }>
  /** Which conversation is on screen in this window; decides typing and what counts as read. */
  readonly showConversation: Command<{ conversation: ConversationId | undefined }>

  // messages
  /** `localId` is made by the window (22 random base64url letters): the same id twice sends once. */
  readonly sendText: Command<{
    conversation: ConversationId
    localId: string
    text: string
    replyTo?: ClientId | undefined
  }>
  readonly retryMessage: Command<{ conversation: ConversationId; localId: string }>
  readonly discardMessage: Command<{ conversation: ConversationId; localId: string }>
  readonly setDraft: Command<{ conversation: ConversationId; text: string }>
  readonly typing: Command<{ conversation: ConversationId }>
  readonly markRead: Command<{ conversation: ConversationId; seq: number }>
  /** Widens the `messages` view of this conversation to the past; `more: false` when its beginning is reached. */
  readonly loadOlder: Command<{ conversation: ConversationId; beforeSeq: number }, { more: boolean }>

  readonly changeSettings: Command<Partial<Settings>>
  /** Tries the connection at once instead of waiting. */
  readonly reconnect: Command<Record<string, never>>
}
