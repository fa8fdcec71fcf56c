/**
 * The socket that stays: a ticket for each connection, a fresh one before the old one ends, full-jitter reconnection,
 * and a final stop when the server does not know the device any more.
 */
import { authRoutes, limits, ProtocolError, type ErrorBody } from '@brieftaube/protocol'
import type { Api, SignedOutReason } from './api-types.ts'
import { backoffMs } from './backoff.ts'
import { isSilent, openConnection, type Connection } from './connection.ts'
import { systemClock, type Clock } from './ports.ts'
import type { Socket, SocketEvents, SocketState } from './socket-types.ts'
import { lifetimeOf } from './token-lifetime.ts'

export interface SocketOptions {
  /** Absolute: "https://chat.example.org". */
  readonly baseUrl: string
  readonly api: Api
  readonly clock?: Clock | undefined
  /** [0, 1) */
  readonly random?: (() => number) | undefined
  /** Headers that a browser would set by itself; only possible outside of browsers. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly malformed?: ((eventName: string) => void) | undefined
}

interface Context {
  readonly options: SocketOptions
  readonly clock: Clock
  state: SocketState
  connection: Connection | undefined
  /** Counts connections: what an old one still says does not matter. */
  run: number
  failures: number
  checking: boolean
  cancelRetry: () => void
  cancelRenewal: () => void
  readonly stateListeners: Set<(state: SocketState) => void>
  readonly listeners: Map<string, Set<(event: never) => void>>
}

/** A renewal begins when this part of the time is over. */
const RENEW_AT = 0.8
const RENEW_AGAIN_MS = 5000

/** Connects at once. */
export function createSocket(options: SocketOptions): Socket {
  const context: Context = {
    options,
    clock: options.clock ?? systemClock,
    state: { kind: 'connecting' },
    connection: undefined,
    run: 0,
    failures: 0,
    checking: false,
    cancelRetry() {},
    cancelRenewal() {},
    stateListeners: new Set(),
    listeners: new Map(),
  }
  const forgetApi = options.api.onSignedOut((reason) => {
    stop(context, reason)
  })
  void connect(context)
  return {
    state: () => context.state,
    onState: (listener) => add(context.stateListeners, listener),
    on(name, listener) {
      const listeners = context.listeners.get(name) ?? new Set()
      context.listeners.set(name, listeners)
      return add(listeners, listener as (event: never) => void)
    },
    send: (name, request) =>
      context.state.kind === 'online' && (context.connection?.send(name, request) ?? false),
    reconnect: () => {
      reconnect(context)
    },
    [Symbol.asyncDispose]() {
      forgetApi()
      stop(context, 'closed')
      return Promise.resolve()
    },
  }
}

async function connect(context: Context): Promise<void> {
  const run = ++context.run
  setState(context, { kind: 'connecting' })
  try {
    const { ticket } = await context.options.api.call(authRoutes.socketTicket)
    if (run === context.run) open(context, run, ticket)
  } catch (error) {
    if (run === context.run) failed(context, bodyOf(error))
  }
}

function open(context: Context, run: number, ticket: string): void {
  const { baseUrl, headers, malformed } = context.options
  const current = (): boolean => run === context.run
  context.connection = openConnection({
    baseUrl,
    ticket,
    log: context.options.api.log(),
    clock: context.clock,
    headers: headers ?? {},
    opened() {
      if (!current()) return
      context.failures = 0
      setState(context, { kind: 'online' })
      renewLater(context, run, renewalMs(ticket))
    },
    closed(refusal) {
      if (!current()) return
      context.connection = undefined
      context.cancelRenewal()
      void lost(context, run, refusal)
    },
    event: (name, event) => {
      if (current()) emit(context, name, event)
    },
    malformed: (name) => malformed?.(name),
  })
}

/** The server's last word decides whether to ask for a new token first, to stop, or to come back after a while. */
async function lost(context: Context, run: number, refusal: ErrorBody | undefined): Promise<void> {
  if (refusal?.code !== 'unauthenticated') return failed(context, refusal)
  try {
    await context.options.api.refresh()
    if (run === context.run) failed(context, undefined)
  } catch (error) {
    if (run === context.run) failed(context, bodyOf(error))
  }
}

function failed(context: Context, refusal: ErrorBody | undefined): void {
  if (refusal?.code === 'unsupported-version') return stop(context, 'unsupported-version')
  if (refusal?.code === 'log-restored') context.options.api.tellRestored()
  const delayMs = Math.max(
    backoffMs(context.failures, context.options.random ?? Math.random),
    refusal?.retryAfterMs ?? 0,
  )
  context.failures++
  setState(context, { kind: 'offline', retryAtMs: context.clock.now() + delayMs })
  context.cancelRetry()
  context.cancelRetry = context.clock.after(delayMs, () => {
    void connect(context)
  })
}

function reconnect(context: Context): void {
  if (context.state.kind === 'offline') {
    context.cancelRetry()
    void connect(context)
  } else if (context.state.kind === 'online' && context.connection !== undefined) {
    if (isSilent(context.connection, context.clock)) replace(context)
    else void check(context, context.run)
  }
}

/** Asks the server for a sign of life: after a change of network an open connection may lead nowhere. */
async function check(context: Context, run: number): Promise<void> {
  if (context.checking) return
  context.checking = true
  const alive = await renew(context, run)
  context.checking = false
  if (!alive && run === context.run && context.state.kind === 'online') replace(context)
}

function replace(context: Context): void {
  context.run++
  context.connection?.close()
  context.connection = undefined
  context.cancelRenewal()
  void connect(context)
}

function renewLater(context: Context, run: number, delayMs: number): void {
  context.cancelRenewal()
  context.cancelRenewal = context.clock.after(delayMs, () => {
    void renew(context, run).then((renewed) => {
      if (!renewed && run === context.run) renewLater(context, run, RENEW_AGAIN_MS)
    })
  })
}

/** Whether the server accepted it. When it did not, it closes the connection by itself when the time is up. */
async function renew(context: Context, run: number): Promise<boolean> {
  try {
    const { ticket } = await context.options.api.call(authRoutes.socketTicket, { timeoutMs: RENEW_AGAIN_MS })
    if (run !== context.run || context.connection === undefined) return false
    const answer = await context.connection.renew(ticket)
    if (run !== context.run || answer === undefined || 'error' in answer) return false
    renewLater(context, run, renewalMs(ticket))
    return true
  } catch {
    return false
  }
}

function renewalMs(ticket: string): number {
  return RENEW_AT * (lifetimeOf(ticket)?.untilMs ?? limits.accessTokenMs)
}

function stop(context: Context, reason: SignedOutReason | 'unsupported-version' | 'closed'): void {
  if (context.state.kind === 'stopped') return
  context.run++
  context.cancelRetry()
  context.cancelRenewal()
  context.connection?.close()
  context.connection = undefined
  setState(context, { kind: 'stopped', reason })
}

function setState(context: Context, state: SocketState): void {
  context.state = state
  for (const listener of [...context.stateListeners]) listener(state)
}

function emit<Name extends keyof SocketEvents>(
  context: Context,
  name: Name,
  event: SocketEvents[Name],
): void {
  for (const listener of [...(context.listeners.get(name) ?? [])]) listener(event as never)
}

function add<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function bodyOf(error: unknown): ErrorBody | undefined {
  return error instanceof ProtocolError ? error.toBody() : undefined
}
