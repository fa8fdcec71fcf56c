/** Socket.IO's server: WebSocket only, one namespace, nothing recovered, nothing compressed; its events go to `dispatch`. */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  handshakeSchema,
  limits,
  ProtocolError,
  protocolVersion,
  socketPath,
  type TicketClaims,
} from '@brieftaube/protocol'
import { securityHeaders, toProtocolError } from '@brieftaube/service-kit'
import { Server, type Socket } from 'socket.io'
import type { ChatDeps } from '../deps.ts'
import { dispatch } from '../events/dispatch.ts'
import { acceptTicket } from './accept-ticket.ts'
import { Decoder, Encoder } from './parser.ts'
import { Session } from './session.ts'

export interface SocketServer {
  attach(server: HttpServer): void
  /** Refuses new sockets. */
  stopAccepting(): void
  close(): Promise<void>
}

export function createSocketServer(deps: ChatDeps): SocketServer {
  let accepting = true
  const io = new Server({
    path: socketPath,
    parser: { Encoder, Decoder },
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    allowUpgrades: false,
    maxHttpBufferSize: limits.socketFrameMaxBytes,
    connectTimeout: limits.unauthenticatedSocketMs,
    pingInterval: limits.pingIntervalMs,
    pingTimeout: limits.pingTimeoutMs,
    allowRequest: (request, callback) => callback(null, accepting && isOwnPage(request, deps.config.origins)),
  })
  io.use((socket, next) => {
    authenticate(socket, deps).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    )
  })
  io.on('connection', (socket) => open(socket, deps))
  return {
    attach: (server) => {
      io.attach(server)
      const headers = Object.entries(securityHeaders({ https: deps.config.https }))
      // what is not a WebSocket is answered by engine.io, which knows none of our headers
      server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
        if (request.url?.startsWith(socketPath) !== true) return
        for (const [name, value] of headers) response.setHeader(name, value)
      })
    },
    stopAccepting: () => {
      accepting = false
    },
    close: async () => {
      accepting = false
      io.disconnectSockets(true)
      io.engine.close()
    },
  }
}

/** Browsers always send an Origin with a WebSocket; "null" and absent ones are not our page. */
function isOwnPage(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin } = request.headers
  return origin !== undefined && origins.includes(origin)
}

async function authenticate(socket: Socket, deps: ChatDeps): Promise<void> {
  const handshake = handshakeSchema.safeParse(socket.handshake.auth)
  if (!handshake.success) throw new ProtocolError('malformed', 'The handshake does not fit its schema.')
  if (handshake.data.version !== protocolVersion) {
    throw new ProtocolError('unsupported-version', 'This server speaks another version.')
  }
  socket.data = { claims: await acceptTicket(handshake.data.ticket, deps) }
}

function refusal(error: unknown): Error & { data: unknown } {
  const known = toProtocolError(error)
  return Object.assign(new Error(known.code), { data: known.toBody() })
}

/** `ws` below engine.io: the stream that frames are written to, and flow control. */
interface WebSocketInside {
  readonly _socket: Duplex
  pause(): void
  resume(): void
}

/** What Socket.IO and engine.io keep to themselves. */
interface Underneath {
  readonly decoder: Decoder
  readonly conn: { readonly transport: { readonly socket: WebSocketInside } }
}

function open(socket: Socket, deps: ChatDeps): void {
  const { decoder, conn } = socket.client as unknown as Underneath
  const { claims } = socket.data as { claims: TicketClaims }
  const { socket: webSocket } = conn.transport
  const session = new Session(claims, {
    stream: webSocket._socket,
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    close: () => socket.disconnect(true),
  })
  decoder.onEvent = (data, id) => {
    if (!session.closed) dispatch(session, data, id, deps)
  }
  if (deps.sessions.add(session)) {
    deps.fanOut.arrived(session.account)
    deps.presence.arrived(session.account)
  }
  socket.on('disconnect', () => {
    session.closed = true
    deps.presence.forget(session)
    if (!deps.sessions.remove(session)) return
    deps.fanOut.departed(session.account)
    deps.presence.departed(session.account)
  })
}
