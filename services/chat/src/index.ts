export type { ChatConfig } from './config.ts'
export { chatMigrations, startChat, type ChatOutside, type ChatService } from './start-chat.ts'
