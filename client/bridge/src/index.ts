/** The core as a window sees it, over a worker and any number of tabs with one writer. */
export { connectCore, type ConnectOptions } from './connect-core.ts'
export { serveCore, type ServeOptions } from './serve-core.ts'
export type { StartCore } from './seat.ts'
export type { Channel, Locks, PagePort, WindowPort, WorkerPort, WorkerPorts } from './ports.ts'
