/** What a service opened, closed in reverse order: once, each within its time, none kept from closing by another. */
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigError } from './config.ts'

export interface Lifecycle extends AsyncDisposable {
  /** Remembers how to close something and hands it through. */
  use<T>(thing: T, close: (thing: T) => unknown): T
  /** Throws an `AggregateError` when something did not close. */
  close(): Promise<void>
}

export interface LifecycleOptions {
  /** For each thing. */
  readonly timeoutMs?: number | undefined
}

export function createLifecycle(options: LifecycleOptions = {}): Lifecycle {
  const closers: (() => unknown)[] = []
  let closing: Promise<void> | undefined
  const closeAll = async () => {
    const failures: unknown[] = []
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
      await within(closer, options.timeoutMs ?? 10_000).catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything closed')
  }
  const close = () => (closing ??= closeAll())
  return {
    use: (thing, closeThing) => {
      closers.push(() => closeThing(thing))
      return thing
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function within(closer: () => unknown, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not closed after ${timeoutMs} ms`)), timeoutMs)
  })
  try {
    await Promise.race([Promise.resolve().then(closer), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Starts to listen; port 0 takes a free one. Resolves to the port. */
export async function listen(server: Server, port: number, host?: string): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** Lets running requests finish, then cuts what is left. */
export async function closeServer(server: Server, graceMs = 5_000): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(cut)
}

export interface Requests {
  /**
   * Takes no further connection, answers what is being asked and ends those connections; sockets stay. Resolves when
   * everything is answered, at the latest after `graceMs`.
   */
  finish(graceMs?: number): Promise<void>
}

/** So long may a request be on its way on a connection that is open already. */
const LINGER_MS = 250

/** Counts the requests under way, so that a stop can let them end before what they need is closed. */
export function trackRequests(server: Server): Requests {
  const underWay = new Set<ServerResponse>()
  let finishing = false
  let onIdle: (() => void) | undefined
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) => {
    underWay.add(response)
    if (finishing) response.shouldKeepAlive = false
    response.on('close', () => {
      underWay.delete(response)
      if (underWay.size === 0) onIdle?.()
    })
  })
  return {
    finish: async (graceMs = 5_000) => {
      // whoever is at the door is still let in
      await new Promise((resolve) => setImmediate(resolve))
      finishing = true
      // not the HTTP server's own close: it ends connections whose request is on its way
      NetServer.prototype.close.call(server)
      for (const response of underWay) response.shouldKeepAlive = false
      await sleep(LINGER_MS)
      if (underWay.size > 0)
        await Promise.race([new Promise<void>((resolve) => (onIdle = resolve)), sleep(graceMs)])
      server.closeIdleConnections()
    },
  }
}

/** Whoever supervises the process kills it after 30 seconds or so; ending by itself before that is kinder. */
const STOP_MS = 24_000

/** Closes on SIGINT and SIGTERM; a second signal, or a close that takes too long, ends the process at once. */
export function closeOnSignals(service: { close(): Promise<void> }): void {
  let asked = false
  const stop = () => {
    if (asked) process.exit(130)
    asked = true
    setTimeout(() => process.exit(1), STOP_MS).unref()
    service.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** An entry file's only call: what stops the start is printed, as plain sentences where it is the configuration. */
export async function runMain(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  try {
    closeOnSignals(await start())
  } catch (error) {
    const text =
      error instanceof ConfigError
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : 'failed'
    process.stderr.write(`${text}\n`)
    process.exit(1)
  }
}
