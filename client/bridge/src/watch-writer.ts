/**
 * Looks after a seat that wants something and hears nothing: browsers freeze tabs, and a frozen tab keeps its lock. As
 * long as anybody answers "who writes?", a command may take its time.
 */
import type { Announcement } from './messages.ts'
import type { Seat } from './seat.ts'
import { takeLock } from './stay.ts'

/** So many questions without an answer mean that nobody is awake who holds the lock. */
const UNANSWERED = 3

/** Called whenever something is wanted; does nothing while it is looking already. */
export function watchWriter(seat: Seat): void {
  if (seat.watching) return
  seat.watching = true
  seat.unanswered = 0
  later(seat)
}

function later(seat: Seat): void {
  // Counted in rounds and not by the clock: a seat that was frozen itself must ask before it judges.
  seat.ports.after(seat.probeMs, () => {
    look(seat)
  })
}

function look(seat: Seat): void {
  if (!wantsWriter(seat)) {
    seat.watching = false
    return
  }
  if (seat.unanswered < UNANSWERED) {
    seat.unanswered++
    seat.everyone.postMessage({ kind: 'who-writes' } satisfies Announcement)
  } else {
    seat.unanswered = 0
    takeLock(seat)
  }
  later(seat)
}

function wantsWriter(seat: Seat): boolean {
  if (seat.stay.controller.signal.aborted || seat.starting > 0 || seat.writer.kind === 'here') return false
  return seat.calls.size > 0 || seat.writer.kind === 'none'
}
