/** A seat's stay: from taking its place in the queue for the writer's lock until the page leaves. */
import type { Announcement, Letter } from './messages.ts'
import { randomId } from './random-id.ts'
import { forgetWriter, type Seat, type Stay } from './seat.ts'
import { write } from './write.ts'

export function createStay(read: (letter: Letter) => void = () => undefined): Stay {
  const controller = new AbortController()
  const left = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => {
      resolve()
    })
  })
  return { controller, left, read }
}

/** `read` takes what is written to this seat during the stay. */
export function join(seat: Seat, read: (letter: Letter) => void): void {
  const stay = createStay(read)
  seat.stay = stay
  seat.inbox.close()
  seat.id = randomId()
  seat.inbox = seat.ports.openChannel(`${seat.prefix}/seat/${seat.id}`)
  seat.inbox.onmessage = (event) => {
    read(event.data as Letter)
  }
  // The own lock first: nobody may take this seat for a dead one after it has spoken.
  const seated = seat.locks.request(`${seat.prefix}/seat/${seat.id}`, {}, () => {
    seat.everyone.postMessage({ kind: 'who-writes' } satisfies Announcement)
    hold(seat, stay, { signal: stay.controller.signal })
    return stay.left
  })
  void seated.catch(() => undefined)
}

export function leave(seat: Seat): void {
  seat.stay.controller.abort()
  forgetWriter(seat)
}

/** Takes the lock from a seat that does not answer: its tab is frozen, and its store accepts nothing of it any more. */
export function takeLock(seat: Seat): void {
  hold(seat, seat.stay, { steal: true })
}

function hold(seat: Seat, stay: Stay, options: { signal: AbortSignal } | { steal: true }): void {
  const held = seat.locks.request(`${seat.prefix}/writer`, options, () => write(seat, stay))
  void held.catch(() => {
    // The lock was taken from this seat while it was frozen: it goes to the end of the queue.
    if (stay.controller.signal.aborted || seat.stay !== stay) return
    leave(seat)
    join(seat, stay.read)
  })
}
