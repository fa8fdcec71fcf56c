/** Socket.IO's server: WebSocket only, one namespace, nothing recovered, nothing compressed; its events go to `dispatch`. */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  handshakeSchema,
  limits,
  ProtocolError,
  protocolVersion,
  socketPath,
  socketQuery,
  type TicketClaims,
} from '@brieftaube/protocol'
import { securityHeaders, toProtocolError } from '@brieftaube/service-kit'
import { Server, type Socket } from 'socket.io'
import type { ChatDeps } from '../deps.ts'
import { logRestored } from '../log/check-incarnation.ts'
import { dispatch } from '../events/dispatch.ts'
import { admit, refuseUpgrade } from './admit.ts'
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
  const admitted: Admitted = new WeakMap()
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
    allowRequest: (request, callback) => {
      const admission = accepting ? admit(request, deps) : Promise.reject(restarting())
      admission
        .then(
          (claims) => {
            admitted.set(request, claims)
            callback(null, true)
          },
          // engine.io would answer 400 in HTML; it is not called back, because the answer is out
          (error: unknown) => refuseUpgrade(request.socket, error, { https: deps.config.https }),
        )
        // what engine.io throws inside its callback ends the connection, not the process
        .catch(() => request.socket.destroy())
    },
  })
  io.use((socket, next) => {
    try {
      socket.data = { claims: shakeHands(socket, admitted, deps) }
      next()
    } catch (error) {
      next(refusal(error))
    }
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
      server.prependListener('upgrade', prepareUpgrade)
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

/** Who was let in by which request. */
type Admitted = WeakMap<IncomingMessage, TicketClaims>

/** Without a listener of its own, a connection that breaks during the check would end the process. */
function prepareUpgrade(request: IncomingMessage, stream: Duplex): void {
  stream.on('error', () => stream.destroy())
  // engine.io skips the check where the query names a session; such a request is made one that it refuses
  if (request.url !== `${socketPath}/?${socketQuery}`) request.url = `${socketPath}/`
}

/** The claims of the ticket; each lets in once. Throws `ProtocolError`. */
function shakeHands(socket: Socket, admitted: Admitted, deps: ChatDeps): TicketClaims {
  const handshake = handshakeSchema.safeParse(socket.handshake.auth)
  if (!handshake.success) throw new ProtocolError('malformed', 'The handshake does not fit its schema.')
  if (handshake.data.version !== protocolVersion) {
    throw new ProtocolError('unsupported-version', 'This server speaks another version.')
  }
  if (handshake.data.log !== undefined && handshake.data.log !== deps.incarnation) throw logRestored()
  const claims = admitted.get(socket.request)
  admitted.delete(socket.request)
  if (claims === undefined) throw new ProtocolError('unauthenticated', 'A ticket is needed.')
  return claims
}

function restarting(): ProtocolError {
  return new ProtocolError('unavailable', 'The server restarts.')
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
