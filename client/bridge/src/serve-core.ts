/**
 * The worker's entry. Every tab has its own worker, a seat; the seat that holds the writer's lock runs the core, the
 * others pass on what their windows ask. The browser gives the lock to the next seat when the holder's tab is gone, and
 * that seat starts the core, says so, and is asked again for everything that was not answered.
 *
 * Each seat also holds a lock of its own: whoever gets hold of that one knows that the seat is gone.
 */
import type { CoreHost, Failure } from '@brieftaube/contract'
import { createDesk, type Desk } from './desk.ts'
import { failureOf } from './failure.ts'
import type {
  Announcement,
  Answer,
  CallRequest,
  Letter,
  Request,
  ToWorker,
  WatchRequest,
} from './messages.ts'
import { workerPorts, type Channel, type Locks, type WorkerPorts } from './ports.ts'
import { randomId } from './random-id.ts'
import { buffersOf } from './transfer.ts'

/** Resolves when the core has loaded enough to show views and take commands. */
export type StartCore = () => Promise<CoreHost>

export interface ServeOptions {
  /** One writer per profile; a browser profile has one unless tests play several. */
  readonly profile?: string | undefined
  readonly ports?: WorkerPorts | undefined
}

/** Where this seat's requests go. */
type Writer =
  | { readonly kind: 'none' }
  | { readonly kind: 'here'; readonly term: string; readonly desk: Desk }
  | {
      readonly kind: 'elsewhere'
      readonly term: string
      readonly inbox: Channel
      readonly forget: () => void
    }

interface Seat {
  readonly id: string
  readonly prefix: string
  readonly ports: WorkerPorts
  readonly locks: Locks
  readonly startCore: StartCore
  readonly everyone: Channel
  readonly inbox: Channel
  /** What this window has asked and not been told yet, and which writers have heard it. */
  readonly calls: Map<string, { readonly request: CallRequest; asked: boolean }>
  readonly watches: Map<string, WatchRequest>
  /** The other seats that the writer here has heard of. */
  readonly others: Map<string, { readonly inbox: Channel; readonly forget: () => void }>
  writer: Writer
  readonly pastTerms: Set<string>
  /** Ends the present stay: releases the locks. */
  leave: AbortController
}

/** Call it at once when the worker starts, before anything is awaited. */
export function serveCore(startCore: StartCore, options: ServeOptions = {}): void {
  const ports = options.ports ?? workerPorts()
  const prefix = `brieftaube/${options.profile ?? 'default'}`
  if (ports.locks === undefined) return refuseAll(ports)
  const id = randomId()
  const seat: Seat = {
    id,
    prefix,
    ports,
    locks: ports.locks,
    startCore,
    everyone: ports.openChannel(`${prefix}/everyone`),
    inbox: ports.openChannel(`${prefix}/seat/${id}`),
    calls: new Map(),
    watches: new Map(),
    others: new Map(),
    writer: { kind: 'none' },
    pastTerms: new Set(),
    leave: new AbortController(),
  }
  seat.everyone.onmessage = (event) => {
    hear(seat, event.data as Announcement)
  }
  seat.inbox.onmessage = (event) => {
    readLetter(seat, event.data as Letter)
  }
  ports.window.onmessage = (event) => {
    fromWindow(seat, event.data as ToWorker)
  }
  join(seat)
  ports.window.postMessage({ kind: 'ready' }, [])
}

/** Without Web Locks two tabs could both write, and that would destroy the ratchet state: better nothing at all. */
function refuseAll(ports: WorkerPorts): void {
  const failure: Failure = {
    code: 'unsupported-browser',
    message: 'Web Locks are missing; they need a recent browser and HTTPS.',
  }
  ports.window.onmessage = (event) => {
    const message = event.data as ToWorker
    const requests = message.kind === 'requests' ? message.requests : []
    const answers = requests.flatMap((each): Answer[] =>
      each.kind === 'call' ? [{ kind: 'failed', id: each.id, failure }] : [],
    )
    toWindow(ports, [...answers, { kind: 'broken', failure }])
  }
  ports.window.postMessage({ kind: 'ready' }, [])
  toWindow(ports, [{ kind: 'broken', failure }])
}

function join(seat: Seat): void {
  const leave = new AbortController()
  seat.leave = leave
  const left = new Promise<void>((resolve) => {
    leave.signal.addEventListener('abort', () => {
      resolve()
    })
  })
  // The own lock first: nobody may take this seat for a dead one after it has spoken.
  const seated = seat.locks.request(`${seat.prefix}/seat/${seat.id}`, {}, () => {
    seat.everyone.postMessage({ kind: 'who-writes' } satisfies Announcement)
    void seat.locks
      .request(`${seat.prefix}/writer`, { signal: leave.signal }, () => write(seat, leave.signal, left))
      .catch(() => undefined)
    return left
  })
  void seated.catch(() => undefined)
}

/** Holds the writer's lock until this seat leaves. */
async function write(seat: Seat, leaving: AbortSignal, left: Promise<void>): Promise<void> {
  if (leaving.aborted) return
  const host = await startUntilItWorks(seat, leaving)
  if (host === undefined) return
  const term = randomId()
  const desk = createDesk(host, (to, answers) => {
    deliver(seat, term, to, answers)
  })
  adopt(seat, { kind: 'here', term, desk })
  announce(seat, term)
  await left
  desk.close()
  for (const other of seat.others.values()) {
    other.forget()
    other.inbox.close()
  }
  seat.others.clear()
  await host[Symbol.asyncDispose]()
}

/** Whatever is asked while the core cannot start fails with the reason, and is the occasion to try again. */
async function startUntilItWorks(seat: Seat, leaving: AbortSignal): Promise<CoreHost | undefined> {
  while (!leaving.aborted) {
    try {
      return await seat.startCore()
    } catch (error) {
      const failure = failureOf(error)
      await new Promise<void>((resolve) => {
        const desk = deskWithoutCore(seat, failure, resolve)
        leaving.addEventListener('abort', () => {
          resolve()
        })
        const term = randomId()
        adopt(seat, { kind: 'here', term, desk: desk(term) })
        announce(seat, term)
      })
    }
  }
  return undefined
}

const TRY_AGAIN_AFTER_MS = 1000

function deskWithoutCore(seat: Seat, failure: Failure, tryAgain: () => void): (term: string) => Desk {
  const since = Date.now()
  return (term) => ({
    take(from, requests) {
      const answers = requests.flatMap((each): Answer[] =>
        each.kind === 'call' ? [{ kind: 'failed', id: each.id, failure }] : [],
      )
      deliver(seat, term, from, [...answers, { kind: 'broken', failure }])
      if (answers.length > 0 && Date.now() - since > TRY_AGAIN_AFTER_MS) tryAgain()
    },
    drop() {},
    close() {},
  })
}

function fromWindow(seat: Seat, message: ToWorker): void {
  if (message.kind === 'leave') {
    seat.leave.abort()
    forgetWriter(seat)
  } else if (message.kind === 'join') {
    if (seat.leave.signal.aborted) join(seat)
  } else {
    for (const request of message.requests) note(seat, request)
    ask(seat, message.requests)
  }
}

function note(seat: Seat, request: Request): void {
  if (request.kind === 'call') seat.calls.set(request.id, { request, asked: false })
  else if (request.kind === 'watch') seat.watches.set(request.key, request)
  else seat.watches.delete(request.key)
}

function ask(seat: Seat, requests: readonly Request[]): void {
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
function adopt(seat: Seat, writer: Exclude<Writer, { kind: 'none' }>): void {
  forgetWriter(seat)
  seat.writer = writer
  const calls = [...seat.calls.values()].map(({ request, asked }) => ({ ...request, again: asked }))
  ask(seat, [...seat.watches.values(), ...calls])
}

function forgetWriter(seat: Seat): void {
  if (seat.writer.kind === 'none') return
  seat.pastTerms.add(seat.writer.term)
  if (seat.writer.kind === 'elsewhere') {
    seat.writer.forget()
    seat.writer.inbox.close()
  } else {
    seat.writer.desk.close()
  }
  seat.writer = { kind: 'none' }
}

function announce(seat: Seat, term: string): void {
  seat.everyone.postMessage({ kind: 'writer', seat: seat.id, term } satisfies Announcement)
}

function hear(seat: Seat, announcement: Announcement): void {
  if (seat.leave.signal.aborted) return
  if (announcement.kind === 'who-writes') {
    if (seat.writer.kind === 'here') announce(seat, seat.writer.term)
    return
  }
  const { seat: id, term } = announcement
  // A late word of a writer that is gone must not lead back to it.
  if (seat.writer.kind === 'here' || seat.pastTerms.has(term)) return
  if (seat.writer.kind === 'elsewhere' && seat.writer.term === term) return
  const forget = whenGone(seat, id, () => {
    if (seat.writer.kind !== 'elsewhere' || seat.writer.term !== term) return
    forgetWriter(seat)
    seat.everyone.postMessage({ kind: 'who-writes' } satisfies Announcement)
  })
  adopt(seat, { kind: 'elsewhere', term, inbox: seat.ports.openChannel(`${seat.prefix}/seat/${id}`), forget })
}

function readLetter(seat: Seat, letter: Letter): void {
  if (letter.kind === 'answers') {
    const current = seat.writer.kind === 'elsewhere' && seat.writer.term === letter.term
    // A reply is true whoever gave it; a state is not, when there is a newer writer.
    const answers = current ? letter.answers : letter.answers.filter((each) => each.kind === 'reply')
    answered(seat, answers, buffersOf(answers))
  } else if (seat.writer.kind === 'here' && seat.writer.term === letter.term) {
    meet(seat, letter.from, seat.writer.desk)
    seat.writer.desk.take(letter.from, letter.requests)
  }
}

/** The first letter of another seat: its channel is opened, and its end is waited for. */
function meet(seat: Seat, from: string, desk: Desk): void {
  if (seat.others.has(from)) return
  const inbox = seat.ports.openChannel(`${seat.prefix}/seat/${from}`)
  const forget = whenGone(seat, from, () => {
    desk.drop(from)
    seat.others.get(from)?.inbox.close()
    seat.others.delete(from)
  })
  seat.others.set(from, { inbox, forget })
}

function whenGone(seat: Seat, id: string, gone: () => void): () => void {
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

function deliver(seat: Seat, term: string, to: string, answers: readonly Answer[]): void {
  if (to === seat.id) answered(seat, answers, [])
  else seat.others.get(to)?.inbox.postMessage({ kind: 'answers', term, answers } satisfies Letter)
}

function answered(seat: Seat, answers: readonly Answer[], transfer: Transferable[]): void {
  for (const answer of answers) {
    if (answer.kind === 'reply' || answer.kind === 'failed') seat.calls.delete(answer.id)
  }
  toWindow(seat.ports, answers, transfer)
}

function toWindow(ports: WorkerPorts, answers: readonly Answer[], transfer: Transferable[] = []): void {
  if (answers.length > 0) ports.window.postMessage({ kind: 'answers', answers }, transfer)
}
