/** Both services on real PostgreSQL behind one port, in this process. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadAuthSecrets, startAuth, type AuthSecrets, type AuthService } from '@brieftaube/auth'
import { startChat, type ChatService } from '@brieftaube/chat'
import { rates, type Rate, type RateName } from '@brieftaube/protocol'
import {
  closeServer,
  createLog,
  errorHandler,
  listen,
  notFound,
  startMemoryCache,
  startTestDatabase,
  type Cache,
  type ServiceDatabase,
  type TestDatabase,
} from '@brieftaube/service-kit'
import express from 'express'

export const testOrigin = 'https://chat.example.org'

export interface ServiceParts {
  readonly auth: ServiceDatabase
  readonly chat: ServiceDatabase
  readonly secrets: AuthSecrets
  /** 0: any free one. */
  readonly port: number
  readonly rates?: Readonly<Record<RateName, Rate>> | undefined
  readonly logged?: ((line: string) => void) | undefined
  /** Otherwise one of their own. */
  readonly cache?: Cache | undefined
}

export interface RunningServices {
  readonly port: number
  readonly url: string
  readonly auth: AuthService
  readonly chat: ChatService
  readonly server: Server
  close(): Promise<void>
}

/** Limits are not what most stories are about. */
export const generousRates = Object.fromEntries(
  Object.entries(rates).map(([name, rate]) => [name, { ...rate, burst: 100_000, refillMs: 1 }]),
) as Readonly<Record<RateName, Rate>>

export async function runServices(parts: ServiceParts): Promise<RunningServices> {
  const cache = parts.cache ?? startMemoryCache()
  const destination = parts.logged === undefined ? undefined : { write: parts.logged }
  const logOf = (service: string) =>
    createLog({
      service,
      level: destination === undefined ? 'fatal' : 'debug',
      ...(destination && { destination }),
    })
  const common = { origins: [testOrigin], https: true, proxies: 0, poolSize: 4 }
  const auth = await startAuth(
    {
      ...common,
      database: parts.auth,
      serverName: 'Taubenschlag',
      version: '0.1.0',
      registration: 'open',
      secrets: parts.secrets,
    },
    { cache, log: logOf('auth') },
  )
  const chat = await startChat(
    { ...common, database: parts.chat, lanes: 2, rates: parts.rates ?? generousRates },
    { cache, log: logOf('chat'), jwks: auth.jwks, revocations: auth.revocationsAfter },
  )
  const app = express().disable('x-powered-by')
  app.use(auth.router, chat.router, notFound, errorHandler(logOf('http')))
  const server = createServer(app)
  chat.attach(server)
  const port = await listen(server, parts.port, '127.0.0.1')
  const close = async () => {
    await chat.close()
    await closeServer(server, 0)
    await auth.close()
    if (parts.cache === undefined) await cache[Symbol.asyncDispose]()
  }
  return { port, url: `http://127.0.0.1:${String(port)}`, auth, chat, server, close }
}

export interface Services extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly database: TestDatabase
  readonly secrets: AuthSecrets
  readonly running: RunningServices
  /** Everything that was logged, one line each. */
  readonly logged: readonly string[]
  /** Stops both services gracefully and starts them again on the same port and database. */
  restart(): Promise<void>
}

export async function startServices(options: { rates?: ServiceParts['rates'] } = {}): Promise<Services> {
  const database = await startTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-secrets-'))
  const secrets = await loadAuthSecrets(folder)
  const logged: string[] = []
  const { auth, chat } = database
  const parts = {
    auth,
    chat,
    secrets,
    rates: options.rates,
    logged: (line: string) => void logged.push(line),
  }
  let running = await runServices({ ...parts, port: 0 })
  const { port, url } = running
  return {
    url,
    port,
    database,
    secrets,
    logged,
    get running() {
      return running
    },
    restart: async () => {
      await running.close()
      running = await runServices({ ...parts, port })
    },
    [Symbol.asyncDispose]: async () => {
      await running.close()
      await database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
