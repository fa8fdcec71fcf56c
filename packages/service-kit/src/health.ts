/**
 * `/livez` and `/readyz`, for whoever runs the process; the gateway routes neither. Alive: the process answers. Ready: the
 * database answers. Without the cache a service is degraded and goes on (limits and hints only), so it stays ready.
 */
import { Router } from 'express'
import type { Cache } from './cache.ts'

export interface HealthParts {
  /** Resolves when the database answers; whatever it rejects with means that it does not. */
  readonly database: () => Promise<unknown>
  readonly cache: Pick<Cache, 'isReady'>
  /** A process that says goodbye takes no new work. */
  readonly isStopping?: (() => boolean) | undefined
}

export interface HealthReport {
  readonly status: 'ready' | 'degraded' | 'unready' | 'stopping'
  readonly database: 'up' | 'away'
  readonly cache: 'up' | 'away'
}

const DATABASE_PATIENCE_MS = 2_000
/** However often somebody asks, the database is asked this often. */
const KNOWN_MS = 500

export function createHealth(parts: HealthParts): () => Promise<HealthReport> {
  let known: { readonly at: number; readonly answer: Promise<boolean> } | undefined
  const databaseAnswers = (): Promise<boolean> => {
    if (known === undefined || Date.now() - known.at > KNOWN_MS)
      known = { at: Date.now(), answer: inTime(parts.database) }
    return known.answer
  }
  return async () => {
    const database = (await databaseAnswers()) ? 'up' : 'away'
    const cache = parts.cache.isReady() ? 'up' : 'away'
    return { status: statusOf(parts, database, cache), database, cache }
  }
}

function statusOf(parts: HealthParts, database: string, cache: string): HealthReport['status'] {
  if (parts.isStopping?.() === true) return 'stopping'
  if (database === 'away') return 'unready'
  return cache === 'away' ? 'degraded' : 'ready'
}

async function inTime(ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), DATABASE_PATIENCE_MS)
  })
  const answer = ask().then(
    () => true,
    () => false,
  )
  const first = await Promise.race([answer, late])
  clearTimeout(timer)
  return first
}

/** 200 while there is somebody to serve, 503 otherwise; the body is the report. */
export function createHealthRouter(health: () => Promise<HealthReport>): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.get('/livez', (_request, response) => {
    response.setHeader('cache-control', 'no-store').json({ status: 'alive' })
  })
  router.get('/readyz', async (_request, response) => {
    const report = await health()
    const isUp = report.status === 'ready' || report.status === 'degraded'
    response
      .status(isUp ? 200 : 503)
      .setHeader('cache-control', 'no-store')
      .json(report)
  })
  return router
}
