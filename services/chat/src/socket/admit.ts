/** Before the upgrade: our own page, and a live ticket that nobody used before. What is refused gets an HTTP answer. */
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorTable, ProtocolError, ticketOf, type TicketClaims } from '@brieftaube/protocol'
import { securityHeaders, toProtocolError } from '@brieftaube/service-kit'
import type { ChatDeps } from '../deps.ts'
import { acceptTicket } from './accept-ticket.ts'

/** Throws `ProtocolError`. */
export async function admit(request: IncomingMessage, deps: ChatDeps): Promise<TicketClaims> {
  const { origin } = request.headers
  // browsers always send one with a WebSocket; "null" and absent ones are not our page
  if (origin === undefined || !deps.config.origins.includes(origin))
    throw new ProtocolError('forbidden', 'This page may not call this server.')
  const ticket = ticketOf(request.headers['sec-websocket-protocol'])
  if (ticket === undefined) throw new ProtocolError('unauthenticated', 'A ticket is needed.')
  return acceptTicket(ticket, deps)
}

/** `stream` is the request's connection, on which nothing was answered yet. */
export function refuseUpgrade(stream: Duplex, error: unknown, options: { readonly https: boolean }): void {
  if (!stream.writable) return
  const known = toProtocolError(error)
  const { status } = errorTable[known.code]
  const body = JSON.stringify(known.toBody())
  const headers = {
    ...securityHeaders(options),
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  stream.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n'))
}
