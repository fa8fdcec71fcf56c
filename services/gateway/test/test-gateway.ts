/** nginx with the product's configuration, in front of stand-ins or of the real services. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadAuthSecrets, startAuth, type AuthSecrets, type AuthService } from '@brieftaube/auth'
import { startChat, type ChatService } from '@brieftaube/chat'
import { startGateway, type GatewayProcess, type GatewayProcessOptions } from '@brieftaube/gateway'
import {
  closeServer,
  createLog,
  errorHandler,
  listen,
  notFound,
  startMemoryCache,
  startTestDatabase,
  type TestDatabase,
} from '@brieftaube/service-kit'
import { generousRates, testOrigin } from '@brieftaube/testkit'
import express, { type RequestHandler } from 'express'
import { createTestWeb } from './test-web.ts'

export interface TestGateway extends AsyncDisposable {
  readonly gateway: GatewayProcess
  readonly url: string
}

/** Behind a proxy that nobody trusts, on 127.0.0.1, with limits that no test meets by chance. */
export async function startTestGateway(
  options: Pick<GatewayProcessOptions, 'upstreams'> & Partial<GatewayProcessOptions>,
): Promise<TestGateway> {
  const web = await createTestWeb()
  const gateway = await startGateway({
    publicOrigin: testOrigin,
    otherNames: ['127.0.0.1'],
    tls: { kind: 'proxy', trusted: [] },
    webRoot: web.folder,
    workers: 1,
    ...options,
    limits: { connectionsPerAddress: 5000, requestBurst: 5000, requestsPerSecond: 5000, ...options.limits },
  })
  return {
    gateway,
    url: `http://127.0.0.1:${gateway.httpPort}`,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]()
      await web[Symbol.asyncDispose]()
    },
  }
}

export interface TestProduct extends TestGateway {
  readonly auth: AuthService
  readonly chat: ChatService
  readonly authPort: number
  readonly chatPort: number
  readonly secrets: AuthSecrets
  readonly database: TestDatabase
  /** What the services logged. */
  readonly logged: readonly string[]
}

/** Both services on ports of their own, told that one proxy stands in front. */
export async function startTestProduct(options: Partial<GatewayProcessOptions> = {}): Promise<TestProduct> {
  const database = await startTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-secrets-'))
  const secrets = await loadAuthSecrets(folder)
  const logged: string[] = []
  const log = createLog({
    service: 'test',
    level: 'debug',
    destination: { write: (line) => void logged.push(line) },
  })
  const cache = startMemoryCache()
  const common = { origins: [testOrigin], https: true, proxies: 1, poolSize: 4 }
  const auth = await startAuth(
    {
      ...common,
      database: database.auth,
      serverName: 'Taubenschlag',
      version: '0.1.0',
      registration: 'open',
      secrets,
    },
    { cache, log, rates: generousRates },
  )
  const chat = await startChat(
    { ...common, database: database.chat, lanes: 2, rates: generousRates },
    { cache, log, jwks: auth.jwks, revocations: auth.revocationsAfter },
  )
  const authFront = await serve(auth.router, auth.internalRouter, notFound)
  const chatFront = await serve(chat.router, notFound)
  chat.attach(chatFront.server)
  const upstreams = { auth: [`127.0.0.1:${authFront.port}`], chat: [`127.0.0.1:${chatFront.port}`] }
  const front = await startTestGateway({ upstreams, ...options })
  return {
    ...front,
    auth,
    chat,
    authPort: authFront.port,
    chatPort: chatFront.port,
    secrets,
    database,
    logged,
    [Symbol.asyncDispose]: async () => {
      await front[Symbol.asyncDispose]()
      await chat.close()
      await closeServer(chatFront.server, 0)
      await closeServer(authFront.server, 0)
      await auth.close()
      await cache[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }

  async function serve(...handlers: RequestHandler[]): Promise<{ server: Server; port: number }> {
    const app = express().disable('x-powered-by').disable('etag')
    app.use(...handlers, errorHandler(log))
    const server = createServer(app)
    return { server, port: await listen(server, 0, '127.0.0.1') }
  }
}
