/** The auth service, as one value with a lifetime: mounted by standalone, or run alone by `main`. */
import path from 'node:path'
import { authRoutes, rates, type Rate, type RateName, type Revocation } from '@brieftaube/protocol'
import {
  createApiRouter,
  createHealth,
  createHealthRouter,
  createLifecycle,
  createMetricsRouter,
  createLog,
  createRateLimiter,
  createTokenVerifier,
  migrate,
  mountRoutes,
  roleOf,
  startMemoryCache,
  type Cache,
  type KeySet,
  type Lifecycle,
  type Log,
} from '@brieftaube/service-kit'
import type { Router } from 'express'
import { createAuthMetrics } from './auth-metrics.ts'
import type { AuthConfig } from './config.ts'
import { openDatabase, schema, type Database } from './database.ts'
import type { AuthDeps } from './deps.ts'
import { createGatewayChecks } from './gateway-checks.ts'
import { handlers } from './handlers.ts'
import { createAdminInvite } from './invites.ts'
import { sweepInvites } from './invite-store.ts'
import { createOpaque } from './opaque.ts'
import { createOpenApi } from './openapi.ts'
import { createRecovery } from './recovery.ts'
import { createRevocationFeed } from './revocation-feed.ts'
import { startRevocations } from './revocations.ts'
import { createSealer } from './sealing.ts'
import { sweepSessions } from './session-store.ts'
import { createTokenIssuer } from './token-issuer.ts'

export interface AuthService extends AsyncDisposable {
  /** Everything under /api/auth. */
  readonly router: Router
  /** Everything under /internal: only where the gateway does not reach. */
  readonly internalRouter: Router
  /** /livez, /readyz and /metrics: only where the gateway does not reach. */
  readonly operationsRouter: Router
  /** The public keys, for verifiers in the same process. */
  readonly jwks: () => Promise<KeySet>
  /** The revocation feed, for a chat service in the same process: ascending, a page at a time. */
  readonly revocationsAfter: (id: number) => Promise<readonly Revocation[]>
  /** The one-time code for the first administrator; `undefined` once there is one. */
  readonly adminInvite: () => Promise<string | undefined>
  /** Forgets what is over; hourly it does so by itself. */
  readonly sweep: () => Promise<void>
  close(): Promise<void>
}

export interface AuthParts {
  readonly cache?: Cache | undefined
  readonly log?: Log | undefined
  /** Other limits than the product's: only for tests and measurements, which send everything from one address. */
  readonly rates?: Partial<Record<RateName, Rate>> | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

/** The folder of this service's migrations. */
export const authMigrations = path.join(import.meta.dirname, '..', 'migrations')
const sweepEveryMs = 3_600_000

/** Applies the migrations, connects, and is ready when it resolves. */
export async function startAuth(config: AuthConfig, parts: AuthParts = {}): Promise<AuthService> {
  const lifecycle = createLifecycle()
  try {
    return await start(config, parts, lifecycle)
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

async function start(config: AuthConfig, parts: AuthParts, lifecycle: Lifecycle): Promise<AuthService> {
  const deps = await openDeps(config, parts, lifecycle)
  const { log, cache, issuer, revocations, now } = deps
  const jwks = () => Promise.resolve(issuer.keySet)
  const tokens = createTokenVerifier({ jwks, revoked: revocations.set.has, now })
  const metrics = createAuthMetrics(deps.db.pool, now)
  const router = createApiRouter()
  mountRoutes(router, '/api/auth', {
    routes: authRoutes,
    handlers,
    deps,
    http: {
      log,
      limiter: createRateLimiter(cache, { ...rates, ...parts.rates }, metrics.countLimited),
      metrics,
      tokens,
      origins: config.origins,
      https: config.https,
      proxies: config.proxies,
    },
    options: { cookieRoutes: ['tokenRefresh'], ownRates: ['login'] },
  })
  const after = (id: number) => revocations.after(id)
  const internalRouter = createApiRouter()
  internalRouter.use(createRevocationFeed({ after, secret: config.secrets.internalSecret, log }))
  internalRouter.use(createGatewayChecks({ tokens, log }))
  const health = createHealth({ cache, database: () => deps.db.pool.query('select 1') })
  const { close } = lifecycle
  const adminInvite = () => createAdminInvite(deps)
  return {
    router,
    internalRouter,
    operationsRouter: createHealthRouter(health).use(createMetricsRouter(metrics)),
    jwks,
    revocationsAfter: after,
    adminInvite,
    sweep: () => sweep(deps.db, now),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function openDeps(config: AuthConfig, parts: AuthParts, lifecycle: Lifecycle): Promise<AuthDeps> {
  const { secrets, database } = config
  const log = parts.log ?? createLog({ service: 'auth' })
  const now = parts.now ?? Date.now
  const cache = parts.cache ?? lifecycle.use(startMemoryCache(), (own) => own[Symbol.asyncDispose]())
  const { ownerUrl, appUrl } = database
  await migrate({ ownerUrl, appRole: roleOf(appUrl), schema, directory: authMigrations })
  const db = openDatabase(database, config.poolSize)
  lifecycle.use(db, ({ pool }) => pool.end())
  const revocations = lifecycle.use(await startRevocations({ db, cache, log, now }), (feed) => feed.close())
  lifecycle.use(startSweeps(db, log, now), clearInterval)
  return {
    config,
    db,
    cache,
    log,
    now,
    revocations,
    opaque: await createOpaque(secrets.opaqueServerSetup, secrets.pepper),
    recovery: createRecovery(secrets.pepper),
    sealer: createSealer(secrets.sealingKey),
    issuer: await createTokenIssuer(secrets.signingKeys, now),
    openApi: createOpenApi({ title: config.serverName, version: config.version }),
  }
}

/** Hourly. */
function startSweeps(db: Database, log: Log, now: () => number): NodeJS.Timeout {
  const timer = setInterval(() => {
    sweep(db, now).catch((error: unknown) => log.warn('sweep failed', { error }))
  }, sweepEveryMs)
  timer.unref()
  return timer
}

/** Forgets what is over. */
async function sweep({ pool }: Database, now: () => number): Promise<void> {
  await sweepSessions(pool, now())
  await sweepInvites(pool, now())
}
