/**
 * What nginx asks before it lets a request through (`auth_request`): 204 or 401. Signature, times and revocations are
 * looked up in memory, so that a check costs no query. There is no secret: whoever asks learns only whether a token that
 * it already holds is alive, and the gateway routes none of these paths.
 */
import {
  gatewayAccessHeader,
  gatewayTicketPath,
  gatewayTokenPath,
  limits,
  ProtocolError,
  ticketOf,
} from '@brieftaube/protocol'
import { createApiRouter, replyWithError, type Log, type TokenVerifier } from '@brieftaube/service-kit'
import type { Request, RequestHandler, Router } from 'express'

export function createGatewayChecks({ tokens, log }: { tokens: TokenVerifier; log: Log }): Router {
  const router = createApiRouter()
  const answer =
    (route: string, check: (request: Request) => Promise<unknown>): RequestHandler =>
    async (request, response) => {
      try {
        await check(request)
        response.status(204).end()
      } catch (error) {
        replyWithError(request, response, error, { log, requestId: 'internal', route })
      }
    }
  router.get(
    gatewayTokenPath,
    answer('gatewayToken', (request) => checkToken(request, tokens)),
  )
  router.get(
    gatewayTicketPath,
    answer('gatewayTicket', (request) => checkTicket(request, tokens)),
  )
  return router
}

async function checkToken({ headers }: Request, tokens: TokenVerifier): Promise<void> {
  const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(headers.authorization ?? '')?.[1]
  if (token === undefined || token.length > limits.tokenMaxBytes) throw refused()
  await (headers[gatewayAccessHeader] === 'enrolment' ? tokens.enrolment(token) : tokens.access(token))
}

async function checkTicket({ headers }: Request, tokens: TokenVerifier): Promise<void> {
  const ticket = ticketOf(headers['sec-websocket-protocol'])
  if (ticket === undefined) throw refused()
  await tokens.ticket(ticket)
}

function refused(): ProtocolError {
  return new ProtocolError('unauthenticated', 'A token is needed.')
}
