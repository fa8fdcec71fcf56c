/**
 * The worker's entry. Every tab has its own worker, a seat; the seat that holds the writer's lock runs the core, the
 * others pass on what their windows ask. The browser gives the lock to the next seat when the holder's tab is gone, and
 * that seat starts the core, says so, and is asked again for everything that was not answered.
 *
 * Each seat also holds a lock of its own: whoever gets hold of that one knows that the seat is gone.
 */
import type { Failure } from '@brieftaube/contract'
import type { Desk } from './desk.ts'
import type { Announcement, Answer, Letter, ToWorker } from './messages.ts'
import { workerPorts, type WorkerPorts } from './ports.ts'
import { randomId } from './random-id.ts'
import {
  adopt,
  announce,
  answered,
  ask,
  forgetWriter,
  note,
  toWindow,
  whenGone,
  type Seat,
  type StartCore,
} from './seat.ts'
import { createStay, join, leave } from './stay.ts'
import { buffersOf } from './transfer.ts'
import { watchWriter } from './watch-writer.ts'

export interface ServeOptions {
  /** One writer per profile; a browser profile has one unless tests play several. */
  readonly profile?: string | undefined
  readonly ports?: WorkerPorts | undefined
  readonly probeMs?: number | undefined
}

const PROBE_MS = 3000

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
    stay: createStay(),
    starting: 0,
    probeMs: options.probeMs ?? PROBE_MS,
    watching: false,
    unanswered: 0,
  }
  seat.everyone.onmessage = (event) => {
    hear(seat, event.data as Announcement)
  }
  ports.window.onmessage = (event) => {
    fromWindow(seat, event.data as ToWorker)
  }
  start(seat)
  ports.window.postMessage({ kind: 'ready' }, [])
}

function start(seat: Seat): void {
  join(seat, (letter) => {
    readLetter(seat, letter)
  })
  watchWriter(seat)
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

function fromWindow(seat: Seat, message: ToWorker): void {
  if (message.kind === 'leave') {
    leave(seat)
  } else if (message.kind === 'join') {
    if (seat.stay.controller.signal.aborted) start(seat)
  } else {
    for (const request of message.requests) note(seat, request)
    ask(seat, message.requests)
    watchWriter(seat)
  }
}

function hear(seat: Seat, announcement: Announcement): void {
  if (seat.stay.controller.signal.aborted) return
  if (announcement.kind === 'who-writes') {
    if (seat.writer.kind === 'here') announce(seat, seat.writer.term)
    else if (seat.starting > 0) seat.everyone.postMessage({ kind: 'starting' } satisfies Announcement)
    return
  }
  seat.unanswered = 0
  if (announcement.kind === 'starting') return
  const { seat: id, term } = announcement
  // A late word of a former writer leads astray only until that seat says so, or is found to be gone.
  if (seat.writer.kind === 'here') return
  if (seat.writer.kind === 'elsewhere' && seat.writer.term === term) return
  const forget = whenGone(seat, id, () => {
    lookForAnother(seat, term)
  })
  adopt(seat, { kind: 'elsewhere', term, inbox: seat.ports.openChannel(`${seat.prefix}/seat/${id}`), forget })
}

/** The writer of this term is none any more. */
function lookForAnother(seat: Seat, term: string): void {
  if (seat.writer.kind !== 'elsewhere' || seat.writer.term !== term) return
  forgetWriter(seat)
  seat.everyone.postMessage({ kind: 'who-writes' } satisfies Announcement)
}

function readLetter(seat: Seat, letter: Letter): void {
  if (letter.kind === 'not-writing') {
    lookForAnother(seat, letter.term)
  } else if (letter.kind === 'answers') {
    const current = seat.writer.kind === 'elsewhere' && seat.writer.term === letter.term
    // A reply is true whoever gave it; a state is not, when there is a newer writer.
    const answers = current ? letter.answers : letter.answers.filter((each) => each.kind === 'reply')
    answered(seat, answers, buffersOf(answers))
  } else if (seat.writer.kind === 'here' && seat.writer.term === letter.term) {
    meet(seat, letter.from, seat.writer.desk)
    seat.writer.desk.take(letter.from, letter.requests)
  } else {
    const sender = seat.ports.openChannel(`${seat.prefix}/seat/${letter.from}`)
    sender.postMessage({ kind: 'not-writing', term: letter.term } satisfies Letter)
    sender.close()
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
