/** Both services on real PostgreSQL, each on a port of its own, and nginx in front. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadAuthSecrets, startAuth, type AuthSecrets, type AuthService } from '@brieftaube/auth'
import { startChat, type ChatService } from '@brieftaube/chat'
import type { GatewayProcessOptions } from '@brieftaube/gateway'
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
import { startTestGateway, type TestGateway } from './test-gateway.ts'

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
