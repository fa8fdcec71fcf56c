/** Starts the chat service: everything it needs is created here and closed in reverse order. */
import { fileURLToPath } from 'node:url'
import type { Server as HttpServer } from 'node:http'
import { limits, type Revocation } from '@brieftaube/protocol'
import {
  createLifecycle,
  createRateLimiter,
  createRevocationSet,
  createTokenVerifier,
  migrate,
  roleOf,
  type Cache,
  type KeySet,
  type Log,
} from '@brieftaube/service-kit'
import type { Router } from 'express'
import type { ChatConfig } from './config.ts'
import { createRoutes } from './conversations/routes.ts'
import { openDatabase, schema } from './database.ts'
import type { ChatDeps } from './deps.ts'
import { startFanOut } from './fan-out/fan-out.ts'
import { startHeadComparison } from './fan-out/head-comparison.ts'
import { createLanes } from './log/lanes.ts'
import { createChatRouter } from './methods/router.ts'
import { startPresence } from './presence/presence.ts'
import { createReceipts } from './receipts/receipts.ts'
import { startRevocations } from './revocations/revocations.ts'
import { createSocketServer } from './socket/connect.ts'
import { createSessions } from './socket/sessions.ts'
import { startSweep } from './socket/sweep.ts'

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
  /** The socket, on a server of the caller's. */
  attach(server: HttpServer): void
  /** Reads the revocation feed now; resolves when it is acted on. */
  pollRevocations(): Promise<void>
  /** Whether the database answers. */
  isReady(): Promise<boolean>
  /** Sockets connected to this process. */
  readonly socketCount: number
  /** Stops accepting, commits what was taken, says goodbye; ≤ 25 s. */
  close(): Promise<void>
}

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
/** Changes by other processes reach a route by hints; this is how long a lost one may matter. */
const SHARED_ROUTE_AGE_MS = 5_000
const DRAIN_MS = 10_000

export async function startChat(config: ChatConfig, outside: ChatOutside): Promise<ChatService> {
  const { cache, log } = outside
  const lifecycle = createLifecycle({ timeoutMs: DRAIN_MS })
  await migrate({ ownerUrl: config.database.ownerUrl, appRole: roleOf(config.database.appUrl), schema, directory: migrations })
  const pool = lifecycle.use(openDatabase(config.database, config.poolSize), (each) => each.end())
  const lanePool = lifecycle.use(openDatabase(config.database, config.lanes), (each) => each.end())
  const limiter = createRateLimiter(cache, config.rates)
  const revoked = createRevocationSet()
  const tokens = createTokenVerifier({ jwks: outside.jwks, revoked: (claims) => revoked.has(claims) })
  const sessions = createSessions()
  const routes = createRoutes(pool, cache.form === 'memory' ? Number.POSITIVE_INFINITY : SHARED_ROUTE_AGE_MS)
  const fanOut = lifecycle.use(
    await startFanOut({ cache, sessions, log, onDelivery: ({ about, rerouted }) => about && rerouted === true && routes.forget(about.conversation) }),
    (each) => each[Symbol.asyncDispose](),
  )
  const presence = lifecycle.use(await startPresence({ pool, cache, fanOut, log }), (each) => each[Symbol.asyncDispose]())
  const receipts = lifecycle.use(createReceipts({ pool, fanOut, log }), (each) => each[Symbol.asyncDispose]())
  const lanes = lifecycle.use(
    createLanes(config.lanes, { pool: lanePool, onFailure: (error) => log.warn('batch not written', { error }) }),
    (each) => each.drain(),
  )
  const deps: ChatDeps = { config, log, pool, cache, limiter, tokens, revoked, sessions, routes, lanes, fanOut, receipts, presence }
  const sweep = lifecycle.use(startSweep(sessions, revoked), (each) => each.close())
  const revocations = lifecycle.use(
    await startRevocations({ deps, read: outside.revocations, onChange: sweep.sweep }),
    (each) => each[Symbol.asyncDispose](),
  )
  lifecycle.use(startHeadComparison(deps, limits.headComparisonMs), (each) => each.close())
  const sockets = createSocketServer(deps)
  const close = async (): Promise<void> => {
    sockets.stopAccepting()
    // what was taken is answered before its socket goes
    await Promise.race([lanes.drain(), new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())])
    await new Promise((resolve) => setImmediate(resolve))
    await sockets.close()
    await lifecycle.close()
  }
  return {
    router: createChatRouter(deps),
    attach: (server) => sockets.attach(server),
    pollRevocations: () => revocations.poll(),
    isReady: () => pool.query('select 1').then(() => true, () => false),
    get socketCount() {
      return sessions.size
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
