/** The one mapper from anything thrown to a status and an `ErrorBody`; the unknown becomes "internal" without detail. */
import { errorTable, MalformedError, ProtocolError, type ErrorBody } from '@brieftaube/protocol'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { CacheAwayError } from './cache.ts'
import type { Log } from './log.ts'

/** The public form of anything thrown. */
export function toProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error
  if (error instanceof MalformedError)
    return new ProtocolError('malformed', 'The request is malformed.', { cause: error })
  if (isAway(error))
    return new ProtocolError('unavailable', 'Something the server needs is away.', { cause: error })
  return new ProtocolError('internal', 'Something went wrong here.', { cause: error })
}

/** The database or the cache cannot be reached, or is shutting down (PostgreSQL error classes 08, 53 and 57P). */
function isAway(error: unknown): boolean {
  if (error instanceof CacheAwayError) return true
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (/^(08|53|57P)/.test(code) || /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT)$/.test(code)) return true
  return /Connection terminated|timeout exceeded when trying to connect/.test(error.message)
}

export interface ErrorReplyOptions {
  readonly log: Log
  readonly requestId: string
  readonly route?: string | undefined
}

export function replyWithError(
  request: Request,
  response: Response,
  error: unknown,
  options: ErrorReplyOptions,
): void {
  const known = toProtocolError(error)
  const status = errorTable[known.code].status
  const fields = { requestId: options.requestId, route: options.route, code: known.code, error: known.cause }
  if (status >= 500) options.log.error('request failed', fields)
  else options.log.debug('request refused', fields)
  if (response.headersSent) {
    response.destroy()
    return
  }
  // what is left of a body is not read to its end for somebody whose request was refused
  if (!request.complete) response.setHeader('connection', 'close')
  if (status === 401) response.setHeader('www-authenticate', 'Bearer')
  if (known.retryAfterMs !== undefined)
    response.setHeader('retry-after', Math.ceil(known.retryAfterMs / 1000))
  response.removeHeader('set-cookie')
  const body: ErrorBody = status >= 500 ? { ...known.toBody(), requestId: options.requestId } : known.toBody()
  response.status(status).setHeader('cache-control', 'no-store')
  response.json(body)
}

/** The last handler of an API: nothing is here. */
export const notFound: RequestHandler = (_request, response) => {
  response
    .status(errorTable['not-found'].status)
    .json(new ProtocolError('not-found', 'There is nothing here.').toBody())
}

/** Express's own error handler, for what fails outside a route. Express knows it by its four parameters. */
export function errorHandler(log: Log) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    replyWithError(request, response, isBadUrl(error) ? new MalformedError('url') : error, {
      log,
      requestId: 'none',
    })
  }
}

function isBadUrl(error: unknown): boolean {
  return error instanceof URIError
}
