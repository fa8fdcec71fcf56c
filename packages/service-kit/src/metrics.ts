/**
 * What a service counts, for Prometheus at `/metrics`; the gateway does not route it. Every service has a registry of its
 * own. Names of people, devices or conversations are never labels.
 */
import { errorCodes, rates, type ErrorCode, type RateName } from '@brieftaube/protocol'
import { Router } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** One REST call that was answered; `code` where it was refused. */
  observeCall(route: string, seconds: number, code?: ErrorCode): void
  /** A request that found its token bucket empty. */
  countLimited(rate: RateName): void
  /** A value that is asked for at every scrape, at most every `everyMs`; when asking fails the last one stands. */
  gauge(name: string, help: string, read: () => number | Promise<number>, everyMs?: number): void
  counter(name: string, help: string): { inc(by?: number): void }
  /** A counter whose label has a known set of values. */
  counterBy<Value extends string>(
    name: string,
    help: string,
    label: { readonly name: string; readonly values: readonly Value[] },
  ): (value: Value) => void
  histogram(name: string, help: string, buckets: readonly number[]): { observe(value: number): void }
}

/** From half a millisecond to ten seconds. */
export const secondsBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const calls = new Histogram({
    name: 'brieftaube_http_request_seconds',
    help: 'REST calls by route and outcome ("ok" or the error code).',
    labelNames: ['route', 'outcome'] as const,
    buckets: [...secondsBuckets],
    registers,
  })
  const counterBy: Metrics['counterBy'] = (name, help, label) => {
    const counter = new Counter({ name, help, labelNames: [label.name], registers })
    const children = new Map<string, { inc(): void }>(
      label.values.map((value) => [value, counter.labels({ [label.name]: value })]),
    )
    return (value) => children.get(value)?.inc()
  }
  const countLimited = counterBy(
    'brieftaube_rate_limited_total',
    'Requests that found their token bucket empty, by rate.',
    { name: 'rate', values: Object.keys(rates) as RateName[] },
  )
  return {
    registry,
    observeCall: (route, seconds, code) => calls.labels({ route, outcome: code ?? 'ok' }).observe(seconds),
    countLimited,
    gauge: (name, help, read, everyMs = 0) => {
      addGauge(registers, { name, help, read: remembered(read, everyMs) })
    },
    counter: (name, help) => new Counter({ name, help, registers }),
    counterBy,
    histogram: (name, help, buckets) => new Histogram({ name, help, buckets: [...buckets], registers }),
  }
}

function addGauge(
  registers: Registry[],
  { name, help, read }: { name: string; help: string; read: () => Promise<number | undefined> },
): void {
  new Gauge({
    name,
    help,
    registers,
    async collect() {
      const value = await read()
      if (value !== undefined) this.set(value)
    },
  })
}

function remembered(
  read: () => number | Promise<number>,
  everyMs: number,
): () => Promise<number | undefined> {
  let last: number | undefined
  let readAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (Date.now() - readAt < everyMs) return last
    readAt = Date.now()
    try {
      last = await read()
    } catch {
      // the database is away: /readyz says so
    }
    return last
  }
}

/** The codes that a counter of refusals has children for. */
export const refusalLabel = { name: 'code', values: errorCodes } as const

/** `/metrics` in Prometheus' text format. */
export function createMetricsRouter(metrics: Pick<Metrics, 'registry'>): Router {
  const router = Router({ caseSensitive: true, strict: true })
  let asked = false
  router.get('/metrics', async (_request, response) => {
    // memory, CPU, handles, event-loop lag: watched from the first question on, where somebody asks at all
    if (!asked) collectDefaultMetrics({ register: metrics.registry })
    asked = true
    const text = await metrics.registry.metrics()
    response.setHeader('cache-control', 'no-store').setHeader('content-type', metrics.registry.contentType)
    response.end(text)
  })
  return router
}
