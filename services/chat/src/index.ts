export type { ChatConfig } from './config.ts'
export { startChat, type ChatOutside, type ChatService } from './start-chat.ts'
