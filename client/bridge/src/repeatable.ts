/**
 * What happens to a command whose writer went away before it answered. `repeat`: carried out again, because it names
 * what it makes (a local id, a cursor, a state to reach) and so has the same end twice. `refuse`: twice could make two
 * of something or meet a password that has changed already; it fails as `interrupted`, and the views show what is.
 */
import type { CommandName } from '@brieftaube/contract'

export const repeatable: Readonly<Record<CommandName, 'repeat' | 'refuse'>> = {
  register: 'refuse',
  confirmRecoveryKey: 'repeat',
  logIn: 'refuse',
  logInWithRecoveryKey: 'refuse',
  changePassword: 'refuse',
  logOut: 'repeat',
  updateProfile: 'repeat',
  setPicture: 'repeat',
  renameDevice: 'repeat',
  revokeDevice: 'repeat',
  findAccount: 'repeat',
  changeContact: 'repeat',
  acceptKeyChange: 'repeat',
  safetyNumber: 'repeat',
  setVerified: 'repeat',
  openDirect: 'repeat',
  createGroup: 'refuse',
  renameGroup: 'repeat',
  addMembers: 'repeat',
  removeMember: 'repeat',
  setAdmin: 'repeat',
  leaveConversation: 'repeat',
  showConversation: 'repeat',
  sendText: 'repeat',
  retryMessage: 'repeat',
  discardMessage: 'repeat',
  setDraft: 'repeat',
  typing: 'repeat',
  markRead: 'repeat',
  loadOlder: 'repeat',
  changeSettings: 'repeat',
  reconnect: 'repeat',
}
