/** The last word of a process that stops: each session hears when to come back, so that not all return at once. */
import { ProtocolError } from '@brieftaube/protocol'
import type { Sessions } from './sessions.ts'

/** 500 returns a second are well within what one other process takes. */
const PER_SESSION_MS = 2
/** Nobody is away for more than ten seconds. */
const LONGEST_MS = 8_000

export function sayGoodbye(sessions: Sessions): void {
  const spreadMs = Math.min(LONGEST_MS, sessions.size * PER_SESSION_MS)
  for (const session of [...sessions.all()]) {
    const retryAfterMs = Math.floor(Math.random() * spreadMs)
    session.close(new ProtocolError('unavailable', 'The server restarts.', { retryAfterMs }))
  }
}
