/** Who asks by cursors of another life of the log is told before anything is read or written. */
import { logHeader, ProtocolError, type LogIncarnation } from '@brieftaube/protocol'
import type { IncomingHttpHeaders } from 'node:http'

/** Throws `log-restored`. Without the header nothing is compared: the caller has no cursors yet, or asks by `sync`. */
export function checkIncarnation(headers: IncomingHttpHeaders, incarnation: LogIncarnation): void {
  const named = headers[logHeader]
  if (named !== undefined && named !== incarnation) throw logRestored()
}

export function logRestored(): ProtocolError {
  return new ProtocolError('log-restored', 'The server was restored from a backup.')
}
