/**
 * Sends at a fixed rate whatever the server does: a server that stalls does not slow its clients down, and what waits is
 * counted from the moment at which it was meant to be sent.
 */
import { setImmediate as afterReading, setTimeout as sleep } from 'node:timers/promises'

export interface OpenLoop {
  readonly ratePerSecond: number
  readonly durationMs: number
  /** `intendedMs` on the clock of `performance.now()`. */
  readonly send: (intendedMs: number) => void
  /** Messages without an answer; far behind, the run is given up. */
  readonly unanswered: () => number
}

const MOST_AT_ONCE = 256
const GIVE_UP_AFTER_S = 2

/** Resolves to whether the server kept up until the end. */
export async function runOpenLoop({
  ratePerSecond,
  durationMs,
  send,
  unanswered,
}: OpenLoop): Promise<boolean> {
  const began = performance.now()
  const total = Math.floor((ratePerSecond * durationMs) / 1000)
  let sent = 0
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - began) * ratePerSecond) / 1000) + 1)
    const until = Math.min(due, sent + MOST_AT_ONCE)
    for (; sent < until; sent++) send(began + (sent * 1000) / ratePerSecond)
    if (unanswered() > ratePerSecond * GIVE_UP_AFTER_S) return false
    if (sent < due) await afterReading()
    else await sleep(1)
  }
  return true
}
