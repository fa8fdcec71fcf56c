/** A small real Socket.IO server with the protocol's parser, and the tickets that open it. */
import { EventEmitter } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  decodePacket,
  encodePacket,
  protocolVersion,
  socketPath,
  ticketOf,
  type ErrorBody,
  type SocketPacket,
} from '@brieftaube/protocol'
import { createApi, type Api, type Fetch } from '@brieftaube/server'
import { Server, type Socket as ServerSocket } from 'socket.io'
import { sessionAt, token } from './tokens.ts'

class Encoder {
  encode(packet: SocketPacket): Uint8Array[] {
    return [Buffer.from(encodePacket(packet))]
  }
}
class Decoder extends EventEmitter {
  add(message: Uint8Array): void {
    this.emit('decoded', decodePacket(message))
  }
  destroy(): void {
    this.removeAllListeners()
  }
}

export interface SocketServer extends AsyncDisposable {
  readonly url: string
  readonly api: Api
  /** Tickets in the order in which they were presented. */
  readonly presented: string[]
  readonly renewed: string[]
  readonly sockets: ServerSocket[]
  ticketLifeMs: number
  refuse: ErrorBody | undefined
  /** What the auth service says: 'ok', no answer, or the device is revoked. */
  auth: 'ok' | 'away' | 'revoked'
}

export async function startSocketServer(
  pings = { pingInterval: 20_000, pingTimeout: 12_000 },
): Promise<SocketServer> {
  const http = createServer()
  const io = new Server(http, {
    path: socketPath,
    transports: ['websocket'],
    serveClient: false,
    parser: { Encoder, Decoder },
    ...pings,
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  let issued = 0
  const fetch: Fetch = (url) => {
    if (server.auth === 'away') return Promise.reject(new TypeError('failed to fetch'))
    const now = Date.now()
    if (server.auth === 'revoked') {
      const code = url.endsWith('refresh') ? 'device-revoked' : 'unauthenticated'
      return Promise.resolve(new Response(JSON.stringify({ code, message: 'no' }), { status: 403 }))
    }
    if (url.endsWith('refresh'))
      return Promise.resolve(new Response(JSON.stringify(sessionAt(now, ++issued))))
    const iat = Math.floor(now / 1000)
    const ticket = token({ iat, exp: iat + 30, until: iat * 1000 + server.ticketLifeMs, n: ++issued })
    return Promise.resolve(new Response(JSON.stringify({ ticket, expiresAt: now + 30_000 })))
  }
  const server: SocketServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    api: createApi({ baseUrl: '', fetch }),
    presented: [],
    renewed: [],
    sockets: [],
    ticketLifeMs: 600_000,
    refuse: undefined,
    auth: 'ok',
    async [Symbol.asyncDispose]() {
      await io.close()
    },
  }
  io.use((socket, next) => {
    const { version } = socket.handshake.auth as { version: number }
    const ticket = ticketOf(socket.handshake.headers['sec-websocket-protocol']) ?? ''
    const again = server.presented.includes(ticket) || version !== protocolVersion
    server.presented.push(ticket)
    const body = again ? { code: 'unauthenticated' as const, message: 'used' } : server.refuse
    next(body === undefined ? undefined : Object.assign(new Error(body.code), { data: body }))
  })
  io.on('connection', (socket) => {
    server.sockets.push(socket)
    socket.on('renew', (request: { ticket: string }, acknowledge: (answer: unknown) => void) => {
      server.renewed.push(request.ticket)
      acknowledge({ until: Date.now() + server.ticketLifeMs })
    })
  })
  return server
}
