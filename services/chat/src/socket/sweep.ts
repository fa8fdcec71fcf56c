/** Closes sockets whose time is up or whose token ended before it. */
import { ProtocolError } from '@brieftaube/protocol'
import type { RevocationSet } from '@brieftaube/service-kit'
import type { Sessions } from './sessions.ts'

const SWEEP_MS = 1000

export function startSweep(
  sessions: Sessions,
  revoked: RevocationSet,
): { sweep: () => void; close: () => void } {
  const sweep = (): void => {
    const now = Date.now()
    for (const session of [...sessions.all()]) {
      if (session.claims.until <= now || revoked.has(session.claims)) {
        session.close(new ProtocolError('unauthenticated', 'The session has ended.'))
      }
    }
  }
  const timer = setInterval(sweep, SWEEP_MS)
  timer.unref()
  return { sweep, close: () => clearInterval(timer) }
}
