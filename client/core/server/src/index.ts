/** The way to the server: REST calls and the socket. */
export { OfflineError } from './offline-error.ts'
export { systemClock, type Clock, type Fetch } from './ports.ts'
export type { Api, CallInput, CallReply, PathParameters, SignedOutReason } from './api-types.ts'
export type { Socket, SocketEvents, SocketRequests, SocketState } from './socket-types.ts'
export { createApi, type ApiOptions } from './api.ts'
export { createCookieJar, type CookieJar } from './cookie-jar.ts'
export { createSocket, type SocketOptions } from './socket.ts'
