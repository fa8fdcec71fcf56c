/** The auth service on real PostgreSQL behind a real port, and requests as a client sends them. */
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  loadAuthSecrets,
  startAuth,
  type AuthConfig,
  type AuthParts,
  type AuthService,
} from '@brieftaube/auth'
import { refreshCookie, type Route } from '@brieftaube/protocol'
import {
  closeServer,
  createLog,
  errorHandler,
  listen,
  notFound,
  startMemoryCache,
  startTestDatabase,
  type Cache,
  type TestDatabase,
} from '@brieftaube/service-kit'
import express from 'express'

export const origin = 'https://chat.example.org'

export interface TestServer {
  readonly url: string
  readonly auth: AuthService
  readonly config: AuthConfig
  readonly database: TestDatabase
  readonly cache: Cache
  /** Everything that was logged, one line each. */
  readonly logged: string[]
  /** Moves the service's clock. */
  advance(ms: number): void
  now(): number
  close(): Promise<void>
}

/** With `beside` it is a second process of the same service: same database and secrets, a cache of its own. */
export async function startTestServer(
  changes: Partial<AuthConfig> = {},
  { beside, rates }: { beside?: TestServer; rates?: AuthParts['rates'] } = {},
): Promise<TestServer> {
  const database = beside?.database ?? (await startTestDatabase())
  const secrets =
    beside?.config.secrets ?? (await loadAuthSecrets(await mkdtemp(path.join(tmpdir(), 'auth-secrets-'))))
  const config: AuthConfig = {
    database: database.auth,
    serverName: 'Taubenschlag',
    version: '0.1.0',
    registration: 'open',
    origins: [origin],
    https: true,
    proxies: 1,
    secrets,
    poolSize: 4,
    ...changes,
  }
  let offset = 0
  const now = () => (beside?.now() ?? Date.now()) + offset
  const logged: string[] = []
  const log = createLog({
    service: 'auth',
    level: 'debug',
    destination: { write: (line) => void logged.push(line) },
  })
  const cache = startMemoryCache()
  const auth = await startAuth(config, { log, now, cache, rates })
  const app = express().disable('x-powered-by')
  app.use(auth.router, auth.internalRouter, notFound, errorHandler(log))
  const server = createServer(app)
  const port = await listen(server, 0, '127.0.0.1')
  const close = async () => {
    await closeServer(server, 0)
    await auth.close()
    if (beside === undefined) await database[Symbol.asyncDispose]()
  }
  const advance = (ms: number) => void (offset += ms)
  return { url: `http://127.0.0.1:${port}`, auth, config, database, cache, logged, advance, now, close }
}

export interface Sent {
  readonly params?: Record<string, string>
  readonly json?: unknown
  readonly bytes?: Uint8Array
  readonly token?: string | undefined
  /** The refresh token, sent as its cookie. */
  readonly refresh?: string | undefined
  /** `undefined` sends none. */
  readonly origin?: string | undefined
  readonly headers?: Record<string, string>
  /** The address that our own proxy reports: one per test person, so that limits do not meet. */
  readonly address?: string
}

export interface Received {
  readonly status: number
  readonly text: string
  readonly bytes: Uint8Array
  readonly headers: Headers
  /** The refresh token that came in the cookie. */
  readonly refresh: string | undefined
  readonly json: () => Record<string, unknown>
}

let addresses = 0
/** An address that nobody had before. */
export function newAddress(): string {
  addresses++
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`
}

export async function send(server: { url: string }, route: Route, sent: Sent = {}): Promise<Received> {
  const pathname = route.path.replace(/:([a-z]+)/g, (_all, name: string) => sent.params?.[name] ?? '')
  const headers: Record<string, string> = { 'x-forwarded-for': sent.address ?? newAddress(), ...sent.headers }
  if (sent.token !== undefined) headers['authorization'] = `Bearer ${sent.token}`
  if (sent.refresh !== undefined) headers['cookie'] = `${refreshCookie}=${sent.refresh}`
  const from = 'origin' in sent ? sent.origin : origin
  if (from !== undefined) headers['origin'] = from
  let body: string | Uint8Array<ArrayBuffer> | undefined
  if (sent.json !== undefined) {
    headers['content-type'] ??= 'application/json'
    body = typeof sent.json === 'string' ? sent.json : JSON.stringify(sent.json)
  } else if (sent.bytes !== undefined) {
    headers['content-type'] ??= 'application/octet-stream'
    body = Uint8Array.from(sent.bytes)
  }
  const response = await fetch(`${server.url}${pathname}`, {
    method: route.method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = new TextDecoder().decode(bytes)
  const refresh = new RegExp(`^${refreshCookie}=([^;]*)`).exec(response.headers.get('set-cookie') ?? '')?.[1]
  return {
    status: response.status,
    text,
    bytes,
    headers: response.headers,
    refresh,
    json: () => JSON.parse(text) as Record<string, unknown>,
  }
}
