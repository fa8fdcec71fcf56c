/** Both services and the web client in this process, on one port, on an embedded PostgreSQL in the data folder. */
import { randomBytes } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadAuthSecrets, startAuth, type AuthService } from '@brieftaube/auth'
import { startChat } from '@brieftaube/chat'
import {
  closeServer,
  createLifecycle,
  createLog,
  errorHandler,
  listen,
  notFound,
  prepareDatabase,
  readOrCreateSecret,
  securityHeaders,
  startEmbeddedPostgres,
  startMemoryCache,
  type Lifecycle,
} from '@brieftaube/service-kit'
import express from 'express'
import { version, type Arguments } from './arguments.ts'
import { openDataFolder, StartError } from './data-folder.ts'
import { rememberRegistration } from './settings-file.ts'
import { loadWebFiles } from './web-files.ts'

export interface Standalone extends AsyncDisposable {
  readonly port: number
  /** Where to open it on this machine, or the public address. */
  readonly address: string
  /** One-time link for the first administrator; `undefined` once there is one. */
  readonly adminLink: string | undefined
  readonly registration: 'open' | 'invite-only'
  close(): Promise<void>
}

const webFolder = fileURLToPath(new URL('../../../client/gui/dist/web', import.meta.url))
const POOL_SIZE = 8
const LANES = 2
/** The chat service alone may take 25 s to say goodbye. */
const CLOSE_MS = 26_000
/** Who sends slowly holds a connection so long and no longer. */
const patience = { headersTimeout: 15_000, requestTimeout: 120_000, connectionsCheckingInterval: 5_000 }

/** Ready when it resolves. Throws `StartError` with a sentence for the terminal. */
export async function startStandalone(options: Arguments): Promise<Standalone> {
  const lifecycle = createLifecycle({ timeoutMs: CLOSE_MS })
  try {
    return await start(options, lifecycle)
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

async function start(options: Arguments, lifecycle: Lifecycle): Promise<Standalone> {
  // the port is taken before anything is written, and answers "not yet" until everything stands
  const front = await openFront(options, lifecycle)
  const folder = await openDataFolder(options.dataFolder)
  lifecycle.use(folder, (each) => each[Symbol.asyncDispose]())
  const registration = await rememberRegistration(folder.path, options.registration)
  const headers = securityHeaders({ https: isHttps(options) })
  const web = await loadWebFiles(webFolder, headers)
  const { auth, app } = await startServices({
    options,
    lifecycle,
    registration,
    port: front.port,
    server: front.server,
  })
  const address = options.publicOrigin ?? `http://localhost:${String(front.port)}`
  const code = await auth.adminInvite()
  front.open((request, response) =>
    isService(request.url) ? app(request, response) : web(request, response),
  )
  const { close } = lifecycle
  return {
    port: front.port,
    address,
    adminLink: code === undefined ? undefined : `${address}/invite/${code}`,
    registration,
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function startServices(parts: {
  options: Arguments
  lifecycle: Lifecycle
  registration: 'open' | 'invite-only'
  port: number
  server: Server
}): Promise<{ auth: AuthService; app: RequestListener }> {
  const { options, lifecycle } = parts
  const secretsFolder = path.join(options.dataFolder, 'secrets')
  const secrets = await loadAuthSecrets(secretsFolder)
  const databases = await openDatabases(options.dataFolder, secretsFolder, lifecycle)
  const logOf = (service: string) => createLog({ service, level: options.verbose ? 'info' : 'warn' })
  const cache = lifecycle.use(startMemoryCache(), (each) => each[Symbol.asyncDispose]())
  const common = {
    origins: originsOf(options, parts.port),
    https: isHttps(options),
    proxies: options.publicOrigin === undefined ? 0 : 1,
    poolSize: POOL_SIZE,
  }
  const { serverName } = options
  const auth = await startAuth(
    {
      ...common,
      database: databases.auth,
      serverName,
      version: version(),
      registration: parts.registration,
      secrets,
    },
    { cache, log: logOf('auth') },
  )
  lifecycle.use(auth, (each) => each.close())
  const chat = await startChat(
    { ...common, database: databases.chat, lanes: LANES, restored: options.restored },
    { cache, log: logOf('chat'), jwks: auth.jwks, revocations: auth.revocationsAfter },
  )
  lifecycle.use(chat, (each) => each.close())
  chat.attach(parts.server)
  const app = express().disable('x-powered-by').disable('etag')
  app.use(auth.router, chat.router, notFound, errorHandler(logOf('http')))
  return { auth, app }
}

async function openDatabases(dataFolder: string, secretsFolder: string, lifecycle: Lifecycle) {
  const password = await readOrCreateSecret({
    folder: secretsFolder,
    name: 'database-password',
    make: () => randomBytes(32).toString('base64url'),
  })
  const postgres = await startEmbeddedPostgres({
    directory: path.join(dataFolder, 'database'),
    password,
    settings: ['shared_buffers=64MB', 'max_connections=40'],
  })
  lifecycle.use(postgres, (each) => each.close())
  return prepareDatabase({ adminUrl: postgres.adminUrl, name: 'brieftaube', passwordOf: () => password })
}

interface Front {
  readonly port: number
  readonly server: Server
  open(listener: RequestListener): void
}

async function openFront(options: Arguments, lifecycle: Lifecycle): Promise<Front> {
  const notYet: RequestListener = (_request, response) => {
    response
      .writeHead(503, {
        ...securityHeaders({ https: isHttps(options) }),
        'retry-after': '1',
        'content-length': '0',
      })
      .end()
  }
  let current = notYet
  const server = createServer(patience, (request, response) => current(request, response))
  const port = await listen(server, options.port, options.host).catch((cause: unknown) => {
    throw new StartError(explainListening(cause, options), { cause })
  })
  lifecycle.use(server, (each) => closeServer(each))
  return {
    port,
    server,
    open: (listener) => {
      current = listener
    },
  }
}

function explainListening(cause: unknown, { port, host }: Arguments): string {
  const code = (cause as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE')
    return `Port ${String(port)} is taken by another program. Choose another one: npm start -- --port ${String(port + 1)}`
  if (code === 'EACCES')
    return `This user may not listen on port ${String(port)}. Choose one above 1023, e.g. --port 8080.`
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${host}. Choose another one with --host.`
  return `Listening on ${host}:${String(port)} failed (${code ?? 'unknown reason'}).`
}

function isService(url = ''): boolean {
  return /^\/api(\/|\?|$)/.test(url)
}

function isHttps(options: Arguments): boolean {
  return options.publicOrigin?.startsWith('https:') ?? false
}

function originsOf(options: Arguments, port: number): string[] {
  const local = ['localhost', '127.0.0.1', '[::1]'].map((host) => `http://${host}:${String(port)}`)
  const named = /^(127\.|localhost|0\.0\.0\.0|::)/.test(options.host)
    ? []
    : [`http://${options.host}:${String(port)}`]
  return [
    ...local,
    ...named,
    ...(options.publicOrigin === undefined ? [] : [options.publicOrigin]),
    ...options.allowedOrigins,
  ]
}
