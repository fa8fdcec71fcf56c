/** Starts the chat service: everything it needs is created here and closed in reverse order. */
import { fileURLToPath } from 'node:url'
import type { Server as HttpServer } from 'node:http'
import { limits, type Revocation } from '@brieftaube/protocol'
import {
  createHealth,
  createHealthRouter,
  createLifecycle,
  createMetricsRouter,
  createRateLimiter,
  createRevocationSet,
  createTokenVerifier,
  migrate,
  roleOf,
  type Cache,
  type KeySet,
  type Lifecycle,
  type Log,
} from '@brieftaube/service-kit'
import type { Router } from 'express'
import { createChatMetrics, watchParts } from './chat-metrics.ts'
import type { ChatConfig } from './config.ts'
import { createRoutes } from './conversations/routes.ts'
import { openDatabase, schema } from './database.ts'
import type { ChatDeps } from './deps.ts'
import type { Delivery } from './fan-out/delivery.ts'
import { startFanOut } from './fan-out/fan-out.ts'
import { startHeadComparison } from './fan-out/head-comparison.ts'
import { beginNewLife, readIncarnation } from './log/incarnation-store.ts'
import { createLanes } from './log/lanes.ts'
import { createChatRouter } from './methods/router.ts'
import { startPresence } from './presence/presence.ts'
import { createReceipts } from './receipts/receipts.ts'
import { startRevocations } from './revocations/revocations.ts'
import { createSocketServer } from './socket/connect.ts'
import { sayGoodbye } from './socket/goodbye.ts'
import { createSessions } from './socket/sessions.ts'
import { startSweep } from './socket/sweep.ts'
import { startUsedTickets } from './socket/used-tickets.ts'

/** What comes from outside: in one process straight from the auth service, else over HTTP (`auth-client.ts`). */
export interface ChatOutside {
  readonly cache: Cache
  readonly log: Log
  /** The auth service's public keys. */
  readonly jwks: () => Promise<KeySet>
  /** A page of the revocation feed behind this id, ascending. */
  readonly revocations: (after: number) => Promise<readonly Revocation[]>
}

export interface ChatService extends AsyncDisposable {
  /** REST: every path begins with /api/chat. */
  readonly router: Router
  /** /livez, /readyz and /metrics: only where the gateway does not reach. */
  readonly operationsRouter: Router
  /** The socket, on a server of the caller's. */
  attach(server: HttpServer): void
  /** Reads the revocation feed now; resolves when it is acted on. */
  pollRevocations(): Promise<void>
  /** Sockets connected to this process. */
  readonly socketCount: number
  /** Stops accepting, commits what was taken, says goodbye; ≤ 25 s. */
  close(): Promise<void>
}

/** The folder of this service's migrations. */
export const chatMigrations = fileURLToPath(new URL('../migrations', import.meta.url))
/** Changes by other processes reach a route by hints; this is how long a lost one may matter. */
const SHARED_ROUTE_AGE_MS = 5_000
const DRAIN_MS = 10_000

/** Applies the migrations, connects, and is ready when it resolves. */
export async function startChat(config: ChatConfig, outside: ChatOutside): Promise<ChatService> {
  const lifecycle = createLifecycle({ timeoutMs: DRAIN_MS })
  try {
    return await start(config, outside, lifecycle)
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

async function start(config: ChatConfig, outside: ChatOutside, lifecycle: Lifecycle): Promise<ChatService> {
  await migrate({
    ownerUrl: config.database.ownerUrl,
    appRole: roleOf(config.database.appUrl),
    schema,
    directory: chatMigrations,
  })
  const deps = await openDeps(config, outside, lifecycle)
  const { pool, lanes, sessions } = deps
  const sweep = lifecycle.use(startSweep(sessions, deps.revoked), (each) => each.close())
  const revocations = lifecycle.use(
    await startRevocations({ deps, read: outside.revocations, onChange: sweep.sweep }),
    (each) => each[Symbol.asyncDispose](),
  )
  lifecycle.use(startHeadComparison(deps, limits.headComparisonMs), (each) => each.close())
  const sockets = createSocketServer(deps)
  let stopping = false
  const health = createHealth({
    cache: deps.cache,
    database: () => pool.query('select 1'),
    isStopping: () => stopping,
  })
  const close = async (): Promise<void> => {
    stopping = true
    sockets.stopAccepting()
    // what was taken is answered before its socket goes
    await Promise.race([lanes.drain(), new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())])
    await new Promise((resolve) => setImmediate(resolve))
    sayGoodbye(sessions)
    await sockets.close()
    await lifecycle.close()
  }
  return {
    router: createChatRouter(deps),
    operationsRouter: createHealthRouter(health).use(createMetricsRouter(deps.metrics)),
    attach: (server) => sockets.attach(server),
    pollRevocations: () => revocations.poll(),
    get socketCount() {
      return sessions.size
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openDeps(config: ChatConfig, outside: ChatOutside, lifecycle: Lifecycle): Promise<ChatDeps> {
  const { cache, log } = outside
  const dispose = (each: AsyncDisposable) => each[Symbol.asyncDispose]()
  const pool = lifecycle.use(openDatabase(config.database, config.poolSize), (each) => each.end())
  const lanePool = lifecycle.use(openDatabase(config.database, config.lanes), (each) => each.end())
  const usedTickets = lifecycle.use(startUsedTickets({ pool, form: cache.form, log }), (each) => each.close())
  if (config.restored === true) await beginNewLife(pool)
  const revoked = createRevocationSet()
  const sessions = createSessions()
  const routes = createRoutes(pool, cache.form === 'memory' ? Number.POSITIVE_INFINITY : SHARED_ROUTE_AGE_MS)
  const onDelivery = ({ about, rerouted }: Delivery): void => {
    if (rerouted === true && about !== undefined) routes.forget(about.conversation)
  }
  const fanOut = lifecycle.use(await startFanOut({ cache, sessions, log, onDelivery }), dispose)
  const presence = lifecycle.use(await startPresence({ pool, cache, fanOut, log }), dispose)
  const receipts = lifecycle.use(createReceipts({ pool, fanOut, log }), dispose)
  const onFailure = (error: unknown): void => log.warn('batch not written', { error })
  const metrics = createChatMetrics()
  const { onBatch } = metrics
  const lanes = lifecycle.use(createLanes(config.lanes, { pool: lanePool, onFailure, onBatch }), (each) =>
    each.drain(),
  )
  watchParts(metrics, { pool, lanes, sessions, cacheIsReady: () => cache.isReady() })
  return {
    config,
    log,
    pool,
    cache,
    metrics,
    limiter: createRateLimiter(cache, config.rates, metrics.countLimited),
    tokens: createTokenVerifier({ jwks: outside.jwks, revoked: (claims) => revoked.has(claims) }),
    revoked,
    usedTickets,
    sessions,
    routes,
    lanes,
    fanOut,
    receipts,
    presence,
    incarnation: await readIncarnation(pool),
  }
}
