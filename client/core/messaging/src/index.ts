/** The use cases that join encryption, storage and server into a messenger. */
export { startMessaging } from './start.ts'
export type { Clock, Log, Ports } from './core.ts'
