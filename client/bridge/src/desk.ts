/**
 * The writer's desk: carries out what all seats ask of the one core, and tells them what changes. A state is sent to a
 * seat at most once per tick, the newest wins, and before the replies of that tick: whoever awaits a command finds its
 * effect in the views. After the first state only differences are sent.
 */
import type { CommandContext, CoreHost } from '@brieftaube/contract'
import { differenceOf } from './difference.ts'
import { failureOf } from './failure.ts'
import type { Answer, CallRequest, Request, WatchRequest } from './messages.ts'
import { oncePerTick } from './once-per-tick.ts'
import { repeatable } from './repeatable.ts'

export interface Desk {
  take(seat: string, requests: readonly Request[]): void
  /** The seat is gone. */
  drop(seat: string): void
  /** From now on nothing is answered any more: what is still under way is asked again of the next writer. */
  close(): void
}

interface Tray {
  readonly states: Map<string, unknown>
  readonly replies: Answer[]
}

interface View {
  readonly seats: Set<string>
  latest: { readonly state: unknown } | undefined
  stop(): void
}

interface Context {
  readonly host: CoreHost
  readonly trays: Map<string, Tray>
  /** What each seat was sent last, by the view's key. */
  readonly sent: Map<string, Map<string, unknown>>
  readonly views: Map<string, View>
  /** Running and lately answered commands by id: the same id is carried out once by this writer. */
  readonly calls: Map<string, Promise<Answer>>
  readonly answered: string[]
  closed: boolean
  flush(): void
}

/** Answers that are kept for a seat that asks again. */
const KEPT_ANSWERS = 1000

/** `deliver` is called once per seat and tick. */
export function createDesk(
  host: CoreHost,
  deliver: (seat: string, answers: readonly Answer[]) => void,
): Desk {
  const context: Context = {
    host,
    trays: new Map(),
    sent: new Map(),
    views: new Map(),
    calls: new Map(),
    answered: [],
    closed: false,
    flush: oncePerTick(() => {
      empty(context, deliver)
    }),
  }
  return {
    take(seat, requests) {
      if (context.closed) return
      for (const request of requests) take(context, seat, request)
    },
    drop(seat) {
      for (const key of [...context.views.keys()]) unwatch(context, seat, key)
      context.trays.delete(seat)
      context.sent.delete(seat)
    },
    close() {
      context.closed = true
      for (const view of context.views.values()) view.stop()
      context.views.clear()
      context.trays.clear()
      context.sent.clear()
    },
  }
}

function take(context: Context, seat: string, request: Request): void {
  switch (request.kind) {
    case 'call':
      void carryOut(context, request).then((answer) => {
        if (context.closed) return
        trayOf(context, seat).replies.push(answer)
        context.flush()
      })
      return
    case 'watch':
      watch(context, seat, request)
      return
    case 'unwatch':
      unwatch(context, seat, request.key)
  }
}

function carryOut(context: Context, request: CallRequest): Promise<Answer> {
  const known = context.calls.get(request.id)
  if (known !== undefined) return known
  const answer = perform(context.host, request)
  context.calls.set(request.id, answer)
  void answer.then(() => {
    // Only what was answered is ever forgotten: one that still runs must not be begun a second time.
    context.answered.push(request.id)
    if (context.answered.length > KEPT_ANSWERS) context.calls.delete(context.answered.shift() ?? '')
  })
  return answer
}

async function perform(host: CoreHost, { id, name, input, again }: CallRequest): Promise<Answer> {
  if (again && repeatable[name] === 'refuse') {
    return { kind: 'failed', id, failure: { code: 'interrupted', message: `${name} was interrupted.` } }
  }
  const context: CommandContext = { id, again }
  try {
    return { kind: 'reply', id, reply: await host.call(name, input as never, context) }
  } catch (error) {
    return { kind: 'failed', id, failure: failureOf(error) }
  }
}

function watch(context: Context, seat: string, request: WatchRequest): void {
  const { key } = request
  const known = context.views.get(key)
  const view: View = known ?? { seats: new Set(), latest: undefined, stop() {} }
  view.seats.add(seat)
  // who asks, also again, has nothing that a difference could build on
  context.sent.get(seat)?.delete(key)
  if (view.latest !== undefined) {
    trayOf(context, seat).states.set(key, view.latest.state)
    context.flush()
  }
  if (known !== undefined) return
  context.views.set(key, view)
  view.stop = context.host.watch(request.name, request.parameter as never, (state: unknown) => {
    view.latest = { state }
    for (const each of view.seats) trayOf(context, each).states.set(key, state)
    context.flush()
  })
}

function unwatch(context: Context, seat: string, key: string): void {
  const view = context.views.get(key)
  if (view === undefined || !view.seats.delete(seat)) return
  context.trays.get(seat)?.states.delete(key)
  context.sent.get(seat)?.delete(key)
  if (view.seats.size > 0) return
  context.views.delete(key)
  view.stop()
}

function trayOf(context: Context, seat: string): Tray {
  const tray = context.trays.get(seat) ?? { states: new Map(), replies: [] }
  context.trays.set(seat, tray)
  return tray
}

function empty(context: Context, deliver: (seat: string, answers: readonly Answer[]) => void): void {
  const trays = [...context.trays]
  context.trays.clear()
  for (const [seat, tray] of trays) {
    const sent = context.sent.get(seat) ?? new Map<string, unknown>()
    context.sent.set(seat, sent)
    const states = [...tray.states].map(([key, state]): Answer => {
      const difference = differenceOf(sent.get(key), state)
      sent.set(key, state)
      return difference === undefined ? { kind: 'state', key, state } : { kind: 'change', key, difference }
    })
    deliver(seat, [...states, ...tray.replies])
  }
}
