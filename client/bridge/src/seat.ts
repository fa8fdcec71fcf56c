/** One tab's worker: what its window wants, and where that goes at the moment. */
import type { CoreHost } from '@brieftaube/contract'
import type { Desk } from './desk.ts'
import type {
  Announcement,
  Answer,
  CallRequest,
  Letter,
  Request,
  ToWindow,
  WatchRequest,
} from './messages.ts'
import type { Channel, Locks, WorkerPorts } from './ports.ts'

/** Resolves when the core has loaded enough to show views and take commands. */
export type StartCore = () => Promise<CoreHost>

/** Where this seat's requests go. */
export type Writer =
  | { readonly kind: 'none' }
  | { readonly kind: 'here'; readonly term: string; readonly desk: Desk }
  | {
      readonly kind: 'elsewhere'
      readonly term: string
      readonly inbox: Channel
      readonly forget: () => void
    }

export interface Seat {
  /** Made anew by every stay: a page that comes back is a new seat to the others, and waits for no old lock. */
  id: string
  readonly prefix: string
  readonly ports: WorkerPorts
  readonly locks: Locks
  readonly startCore: StartCore
  readonly everyone: Channel
  inbox: Channel
  /** What this window has asked and not been told yet, and which writers have heard it. */
  readonly calls: Map<string, { readonly request: CallRequest; asked: boolean }>
  readonly watches: Map<string, WatchRequest>
  /** The other seats that the writer here has heard of. */
  readonly others: Map<string, { readonly inbox: Channel; readonly forget: () => void }>
  writer: Writer
  stay: Stay
  /** Above 0: this seat holds the lock, and its core is coming up. */
  starting: number
  /** How long to wait for an answer before asking again who writes. */
  readonly probeMs: number
  watching: boolean
  unanswered: number
}

/** Aborting ends it, and with it all locks. */
export interface Stay {
  readonly controller: AbortController
  readonly left: Promise<void>
  readonly read: (letter: Letter) => void
}

export function note(seat: Seat, request: Request): void {
  if (request.kind === 'call') seat.calls.set(request.id, { request, asked: false })
  else if (request.kind === 'watch') seat.watches.set(request.key, request)
  else seat.watches.delete(request.key)
}

export function ask(seat: Seat, requests: readonly Request[]): void {
  const { writer } = seat
  if (writer.kind === 'none') return
  for (const request of requests) {
    const call = request.kind === 'call' ? seat.calls.get(request.id) : undefined
    if (call !== undefined) call.asked = true
  }
  if (writer.kind === 'here') writer.desk.take(seat.id, requests)
  else
    writer.inbox.postMessage({
      kind: 'requests',
      term: writer.term,
      from: seat.id,
      requests,
    } satisfies Letter)
}

/** From now on this writer is asked: first for everything that is open. */
export function adopt(seat: Seat, writer: Exclude<Writer, { kind: 'none' }>): void {
  forgetWriter(seat)
  seat.writer = writer
  const calls = [...seat.calls.values()].map(({ request, asked }) => ({ ...request, again: asked }))
  ask(seat, [...seat.watches.values(), ...calls])
}

export function forgetWriter(seat: Seat): void {
  if (seat.writer.kind === 'none') return
  if (seat.writer.kind === 'elsewhere') {
    seat.writer.forget()
    seat.writer.inbox.close()
  } else {
    seat.writer.desk.close()
  }
  seat.writer = { kind: 'none' }
}

export function announce(seat: Seat, term: string): void {
  seat.everyone.postMessage({ kind: 'writer', seat: seat.id, term } satisfies Announcement)
}

export function whenGone(seat: Seat, id: string, gone: () => void): () => void {
  const waiting = new AbortController()
  const options = { mode: 'shared', signal: waiting.signal } as const
  const watched = seat.locks.request(`${seat.prefix}/seat/${id}`, options, () => {
    if (!waiting.signal.aborted) gone()
    return Promise.resolve()
  })
  void watched.catch(() => undefined)
  return () => {
    waiting.abort()
  }
}

export function deliver(seat: Seat, term: string, to: string, answers: readonly Answer[]): void {
  if (to === seat.id) answered(seat, answers, [])
  else seat.others.get(to)?.inbox.postMessage({ kind: 'answers', term, answers } satisfies Letter)
}

export function answered(seat: Seat, answers: readonly Answer[], transfer: Transferable[]): void {
  for (const answer of answers) {
    if (answer.kind === 'reply' || answer.kind === 'failed') seat.calls.delete(answer.id)
  }
  toWindow(seat.ports, answers, transfer)
}

export function toWindow(
  ports: WorkerPorts,
  answers: readonly Answer[],
  transfer: Transferable[] = [],
): void {
  if (answers.length > 0) ports.window.postMessage({ kind: 'answers', answers } satisfies ToWindow, transfer)
}
