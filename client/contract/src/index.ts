/** All that window and core share. */
export * from './bus.ts'
export * from './commands.ts'
export * from './settings.ts'
export * from './views.ts'
export { limits } from '@brieftaube/protocol'
export type { AccountId, ClientId, ContactState, ConversationId, DeviceId } from '@brieftaube/protocol'
