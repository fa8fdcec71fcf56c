/**
 * REST: binds the protocol's routes to their handlers. For each request, in this order: canonical path, Origin, token,
 * limits, query and parameters, body, handler, reply. No header names the caller; only a token that verifies does.
 */
import { randomUUID } from 'node:crypto'
import {
  accountIdSchema,
  conversationIdSchema,
  deviceIdSchema,
  limits,
  MalformedError,
  ProtocolError,
  type RateName,
  type Route,
} from '@brieftaube/protocol'
import express, { type Request, type Response, type Router } from 'express'
import type { BytesReply, Call, Caller, Handlers, RouteTable } from './call.ts'
import { notFound, replyWithError, toProtocolError } from './http-errors.ts'
import { networkOf, type Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { RateLimiter } from './rate-limit.ts'
import { readBody } from './request-body.ts'
import { securityHeaders } from './security-headers.ts'
import type { TokenVerifier } from './tokens.ts'

export interface HttpDeps {
  readonly log: Log
  readonly limiter: RateLimiter
  readonly tokens: TokenVerifier
  /** The Origins of our own pages: scheme, host and port. */
  readonly origins: readonly string[]
  /** Whether browsers reach us by TLS. */
  readonly https: boolean
  /** How many proxies of our own stand in front and append to X-Forwarded-For. */
  readonly proxies: number
  /** Told of every call that was answered. */
  readonly metrics?: Pick<Metrics, 'observeCall'> | undefined
  /** Called for every caller that is known; what it throws is the answer. */
  readonly admit?: ((headers: Request['headers'], route: Route) => void) | undefined
}

export interface MountOptions<Table extends RouteTable> {
  /** Routes that read a cookie: here a browser's request without an Origin is refused too. */
  readonly cookieRoutes?: readonly (keyof Table)[] | undefined
  /** Routes that take a query; on all others one is refused. */
  readonly queryRoutes?: readonly (keyof Table)[] | undefined
  /** Rates that the handlers spend themselves by `call.spend`, because the subject is in the body. */
  readonly ownRates?: readonly RateName[] | undefined
}

interface Mounted {
  readonly route: Route
  readonly http: HttpDeps
  readonly needsOrigin: boolean
  readonly takesQuery: boolean
  readonly ownRates: readonly RateName[]
}

/** Exact paths: `/a` is neither `/A` nor `/a/`. */
export function createApiRouter(): Router {
  return express.Router({ caseSensitive: true, strict: true })
}

/** Adds every route of the table, 405 for other methods on its paths, and 404 for the rest under `prefix`. */
export function mountRoutes<Table extends RouteTable, Deps>(
  router: Router,
  prefix: string,
  parts: {
    routes: Table
    handlers: Handlers<Table, Deps>
    deps: Deps
    http: HttpDeps
    options?: MountOptions<Table>
  },
): void {
  const { routes, handlers, deps, http, options = {} } = parts
  const headers = { ...securityHeaders({ https: http.https }), 'cache-control': 'no-store' }
  router.use((request, response, next) => {
    // by the text as it was sent: an odd spelling must not slip past as somebody else's path
    if (!request.originalUrl.startsWith(prefix)) {
      next()
      return
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (isCanonical(request.originalUrl)) next()
    else replyWithError(request, response, new MalformedError('path'), { log: http.log, requestId: 'none' })
  })
  const methods = new Map<string, string[]>()
  for (const [name, route] of Object.entries<Route>(routes)) {
    const mounted = {
      route,
      http,
      needsOrigin: options.cookieRoutes?.includes(name) ?? false,
      takesQuery: options.queryRoutes?.includes(name) ?? false,
      ownRates: options.ownRates ?? [],
    }
    const method = route.method.toLowerCase() as Lowercase<Route['method']>
    // each handler's own types were checked where the map was written
    router[method](route.path, bind(mounted, handlers[name] as unknown as AnyHandler<Deps>, deps))
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method])
  }
  for (const [path, allowed] of methods) router.all(path, refuseMethod(http.log, allowed))
  router.use(prefix, notFound)
}

type AnyHandler<Deps> = (call: Call, deps: Deps) => unknown

function refuseMethod(log: Log, allowed: readonly string[]) {
  return (request: Request, response: Response): void => {
    response.setHeader('allow', allowed.join(', '))
    const error = new ProtocolError('method-not-allowed', `Use ${allowed.join(' or ')}.`)
    replyWithError(request, response, error, { log, requestId: 'none' })
  }
}

function bind<Deps>(mounted: Mounted, handler: AnyHandler<Deps>, deps: Deps) {
  return async (request: Request, response: Response): Promise<void> => {
    const requestId = randomUUID()
    const began = performance.now()
    const { metrics } = mounted.http
    response.setHeader('x-request-id', requestId)
    try {
      const call = await openCall(mounted, request, response, requestId)
      reply(mounted.route, response, await handler(call, deps))
      metrics?.observeCall(mounted.route.name, (performance.now() - began) / 1000)
    } catch (error) {
      metrics?.observeCall(
        mounted.route.name,
        (performance.now() - began) / 1000,
        toProtocolError(error).code,
      )
      replyWithError(request, response, error, {
        log: mounted.http.log,
        requestId,
        route: mounted.route.name,
      })
    }
  }
}

async function openCall(
  mounted: Mounted,
  request: Request,
  response: Response,
  requestId: string,
): Promise<Call> {
  const { route, http } = mounted
  checkOrigin(mounted, request)
  const caller = await authenticate(route, http.tokens, request.headers.authorization)
  const network = networkOf(clientAddress(request, http.proxies))
  await spendRates(mounted, caller, network)
  http.admit?.(request.headers, route)
  const query = readQuery(request.originalUrl, mounted.takesQuery)
  const params = parseParams(request.params)
  const { body, bytes } = await readBody(request, route)
  const call = {
    params,
    body,
    bytes,
    query,
    caller,
    requestId,
    network,
    ...reach(request, response, http.limiter),
  }
  return call
}

function reach(request: Request, response: Response, limiter: RateLimiter) {
  return {
    cookie: (name: string) => readCookie(request.headers.cookie ?? '', name),
    setHeader: (name: string, value: string) => void response.setHeader(name, value),
    spend: (rate: RateName, subject: string) => limiter.spend(rate, subject),
  }
}

/** One path has one spelling: proxies and routers must not disagree about what is asked for. */
function isCanonical(url: string): boolean {
  const path = url.split('?', 1)[0] ?? ''
  return /^(\/[A-Za-z0-9_.-]+)+$/.test(path) && !/(^|\/)\.{1,2}(\/|$)/.test(path)
}

/**
 * Browsers name the page's Origin with every request that changes something. An absent one means no browser, which may
 * call with a token but never with a cookie; another one, or "null", is a foreign page.
 */
function checkOrigin({ route, http, needsOrigin }: Mounted, request: Request): void {
  if (route.method === 'GET') return
  const origin = request.headers.origin
  if (origin === undefined ? needsOrigin : !http.origins.includes(origin)) {
    throw new ProtocolError('forbidden', 'This page may not call this server.')
  }
}

async function authenticate(
  route: Route,
  tokens: TokenVerifier,
  header: string | undefined,
): Promise<Caller> {
  if (route.access === 'public') return undefined
  const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(header ?? '')?.[1]
  if (token === undefined || token.length > limits.tokenMaxBytes) {
    throw new ProtocolError('unauthenticated', 'A token is needed.')
  }
  if (route.access === 'enrolment') {
    const claims = await tokens.enrolment(token)
    return { kind: 'enrolment', account: claims.sub, tokenId: claims.jti, expiresAt: claims.exp * 1000 }
  }
  const { sub: account, device, role, session } = await tokens.access(token)
  if (route.access === 'admin' && role !== 'admin')
    throw new ProtocolError('forbidden', 'Only for administrators.')
  return { kind: 'session', account, device, role, session }
}

/** Where the caller is known its device pays; accounts pay for what concerns other people. */
async function spendRates(
  { route, http, ownRates }: Mounted,
  caller: Caller,
  network: string,
): Promise<void> {
  if (caller?.kind === 'session') await http.limiter.spend('restPerDevice', caller.device)
  if (caller?.kind === 'enrolment') await http.limiter.spend('restPerDevice', caller.account)
  if (route.rate === undefined || ownRates.includes(route.rate)) return
  const perAccount = route.rate === 'lookup' || route.rate === 'contactRequest'
  const subject = caller?.kind === 'session' ? (perAccount ? caller.account : caller.device) : caller?.account
  await http.limiter.spend(route.rate, subject ?? network)
}

/** Only entries that our own proxies appended count; what a client wrote before them does not. */
export function clientAddress(request: Request, proxies: number): string {
  const direct = request.socket.remoteAddress ?? ''
  if (proxies === 0) return direct
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
  return forwarded.at(-proxies)?.trim() ?? direct
}

function readQuery(url: string, allowed: boolean): Record<string, string> {
  const search = url.includes('?') ? url.slice(url.indexOf('?') + 1) : ''
  const entries = [...new URLSearchParams(search)]
  const query = new Map(entries)
  if (query.size !== entries.length || (query.size > 0 && !allowed) || query.has('__proto__')) {
    throw new ProtocolError('malformed', 'The query does not fit.')
  }
  return Object.fromEntries(query)
}

const paramSchemas = new Map<string, { safeParse(value: unknown): { success: boolean } }>([
  ['account', accountIdSchema],
  ['device', deviceIdSchema],
  ['conversation', conversationIdSchema],
])

function parseParams(params: Request['params']): Record<string, string> {
  const parsed: Record<string, string> = {}
  for (const [name, value] of Object.entries(params)) {
    const sound =
      typeof value === 'string' &&
      value.length <= 64 &&
      (paramSchemas.get(name)?.safeParse(value).success ?? true)
    if (!sound) throw new ProtocolError('malformed', `${name} is not well formed.`)
    parsed[name] = value
  }
  return parsed
}

/** The value of the cookie, if there is exactly one of that name. */
function readCookie(header: string, name: string): string | undefined {
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return values.length === 1 ? values[0]?.slice(name.length + 1) : undefined
}

function reply(route: Route, response: Response, value: unknown): void {
  if (route.replyForm === 'json') {
    // a field that the schema does not name must not leave the server
    response.json(route.reply.parse(value))
    return
  }
  if (value === undefined) {
    response.status(204).end()
    return
  }
  const { bytes, contentType } = value as BytesReply
  response.setHeader('content-type', contentType ?? 'application/octet-stream')
  response.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
