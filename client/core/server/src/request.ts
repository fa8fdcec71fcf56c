/** One HTTP exchange for a route: builds the request, reads the answer, and turns every failure into one of two errors. */
import {
  chatRoutes,
  errorBodySchema,
  logHeader,
  ProtocolError,
  type ErrorCode,
  type LogIncarnation,
  type Route,
} from '@brieftaube/protocol'
import type { CookieJar } from './cookie-jar.ts'
import { OfflineError } from './offline-error.ts'
import type { Clock, Fetch } from './ports.ts'

export interface Exchange {
  /** Origin of the server without a path: "https://chat.example.org". */
  readonly baseUrl: string
  readonly fetch: Fetch
  readonly clock: Clock
  readonly cookies: CookieJar | undefined
  /** Headers that a browser would set by itself, such as Origin. */
  readonly headers: Readonly<Record<string, string>>
  /** The life of the log that this device's cursors belong to. */
  log: LogIncarnation | undefined
}

export interface RawCall {
  readonly params?: Readonly<Record<string, string>> | undefined
  readonly query?: Readonly<Record<string, string | number>> | undefined
  readonly body?: unknown
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const TIMEOUT_MS = 20_000
/** Bundles of megabytes over a slow line. */
const BYTES_TIMEOUT_MS = 60_000

/** Rejects with `ProtocolError` or `OfflineError`. */
export async function exchange(
  port: Exchange,
  route: Route,
  call: RawCall,
  token: string | undefined,
): Promise<unknown> {
  const abort = new AbortController()
  const timeoutMs = call.timeoutMs ?? (route.requestForm === 'bytes' ? BYTES_TIMEOUT_MS : TIMEOUT_MS)
  const stopTimer = port.clock.after(timeoutMs, () => {
    abort.abort(new OfflineError('the server did not answer in time'))
  })
  const forward = (): void => {
    abort.abort(call.signal?.reason)
  }
  call.signal?.addEventListener('abort', forward)
  if (call.signal?.aborted === true) forward()
  try {
    const response = await port.fetch(
      port.baseUrl + pathOf(route, call),
      requestOf(port, route, call, token, abort.signal),
    )
    port.cookies?.take(response.headers.getSetCookie())
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (!response.ok) throw refusal(response, bytes)
    return readReply(route, bytes)
  } catch (error) {
    if (error instanceof ProtocolError) throw error
    if (call.signal?.aborted === true) throw call.signal.reason
    throw new OfflineError('the server cannot be reached', { cause: error })
  } finally {
    stopTimer()
    call.signal?.removeEventListener('abort', forward)
  }
}

function pathOf(route: Route, call: RawCall): string {
  const path = route.path.replaceAll(/:([a-zA-Z]+)/g, (_match, name: string) => {
    const value = call.params?.[name]
    if (value === undefined) throw new TypeError(`${route.name} needs the parameter ${name}`)
    return encodeURIComponent(value)
  })
  if (call.query === undefined) return path
  return `${path}?${new URLSearchParams(Object.entries(call.query).map(([name, value]) => [name, String(value)])).toString()}`
}

function requestOf(
  port: Exchange,
  route: Route,
  call: RawCall,
  token: string | undefined,
  signal: AbortSignal,
): RequestInit {
  const headers: Record<string, string> = { ...port.headers }
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  // sync asks where the log stands, whatever life it is in
  if (port.log !== undefined && route.path.startsWith('/api/chat/') && route.name !== chatRoutes.sync.name)
    headers[logHeader] = port.log
  const cookie = port.cookies?.header()
  if (cookie !== undefined) headers['cookie'] = cookie
  const init: RequestInit = {
    method: route.method,
    headers,
    signal,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
  }
  if (route.requestForm === 'json') {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(call.body)
  } else if (route.requestForm === 'bytes') {
    headers['content-type'] = 'application/octet-stream'
    init.body = Uint8Array.from((call.body as Uint8Array | undefined) ?? [])
  }
  return init
}

function readReply(route: Route, bytes: Uint8Array<ArrayBuffer>): unknown {
  if (route.replyForm !== 'json') return bytes
  const reply = route.reply.safeParse(parseJson(bytes))
  if (!reply.success)
    throw new ProtocolError('internal', `The answer to ${route.name} does not fit.`, { cause: reply.error })
  return reply.data
}

/** The `cause` of a refusal that came without our body: from whatever stands in between, not from a service. */
export const notFromService = Symbol('not from a service')

/** What stands between client and service (a gateway) answers without our body; then the status decides. */
function refusal(response: Response, bytes: Uint8Array): ProtocolError {
  const body = errorBodySchema.safeParse(parseJson(bytes))
  const seconds = Number(response.headers.get('retry-after') ?? NaN)
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
  if (!body.success) {
    return new ProtocolError(codeOf(response.status), `The server answered ${response.status}.`, {
      retryAfterMs: waitMs,
      cause: notFromService,
    })
  }
  const { code, message, head, retryAfterMs } = body.data
  return new ProtocolError(code, message, { head, retryAfterMs: retryAfterMs ?? waitMs })
}

function codeOf(status: number): ErrorCode {
  const codes: Record<number, ErrorCode> = {
    400: 'malformed',
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not-found',
    405: 'method-not-allowed',
    413: 'too-large',
    429: 'rate-limited',
    502: 'unavailable',
    503: 'unavailable',
    504: 'unavailable',
  }
  return codes[status] ?? 'internal'
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
