/** What the chat service counts. The path of a message pays per batch, not per message. */
import type { ErrorCode } from '@brieftaube/protocol'
import { createMetrics, refusalLabel, secondsBuckets, type Metrics } from '@brieftaube/service-kit'
import type { Pool } from './database.ts'
import { keyPackageStock } from './key-packages/stock-store.ts'
import type { BatchFacts } from './log/lane.ts'

export interface ChatMetrics extends Metrics {
  onBatch(batch: BatchFacts): void
  countRefusedAppend(code: ErrorCode): void
  /** A device whose key packages were asked for and that had none but its last resort. */
  countEmptyClaim(): void
}

const STOCK_EVERY_MS = 30_000

export function createChatMetrics(): ChatMetrics {
  const metrics = createMetrics()
  const ack = metrics.histogram(
    'brieftaube_ack_seconds',
    'From taking the oldest message of a batch until all of the batch are stored and answered.',
    secondsBuckets,
  )
  const store = metrics.histogram(
    'brieftaube_store_seconds',
    'One batch in the database, tries included.',
    secondsBuckets,
  )
  const fanOut = metrics.histogram(
    'brieftaube_fan_out_seconds',
    'Answering and handing out the entries of one batch, after it is stored.',
    secondsBuckets,
  )
  const size = metrics.histogram(
    'brieftaube_batch_entries',
    'Messages per batch.',
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  )
  const messages = metrics.counter(
    'brieftaube_messages_total',
    'Messages that were answered, refusals included.',
  )
  const refused = metrics.counterBy(
    'brieftaube_append_refused_total',
    'Messages that were refused, by error code.',
    refusalLabel,
  )
  const emptyClaims = metrics.counter(
    'brieftaube_key_package_claims_empty_total',
    'Devices that had no one-time key package left when one was claimed.',
  )
  return {
    ...metrics,
    onBatch: ({ entries, oldestMs, storedMs, handedMs }) => {
      messages.inc(entries)
      size.observe(entries)
      ack.observe(oldestMs / 1000)
      store.observe(storedMs / 1000)
      fanOut.observe(handedMs / 1000)
    },
    countRefusedAppend: refused,
    countEmptyClaim: () => emptyClaims.inc(),
  }
}

/** What is asked of the service's parts when somebody scrapes. */
export function watchParts(
  metrics: Metrics,
  parts: {
    readonly pool: Pool
    readonly lanes: { readonly depth: number }
    readonly sessions: { readonly size: number }
    readonly cacheIsReady: () => boolean
  },
): void {
  const { pool, lanes, sessions } = parts
  metrics.gauge('brieftaube_lane_depth', 'Messages that wait for their batch.', () => lanes.depth)
  metrics.gauge('brieftaube_sockets', 'Sockets connected to this process.', () => sessions.size)
  metrics.gauge('brieftaube_cache_up', 'Whether the cache answers (1) or not (0).', () =>
    parts.cacheIsReady() ? 1 : 0,
  )
  metrics.gauge(
    'brieftaube_database_clients_waiting',
    'Requests that wait for a connection.',
    () => pool.waitingCount,
  )
  metrics.gauge(
    'brieftaube_key_packages_left',
    'One-time key packages of all devices.',
    async () => (await keyPackageStock(pool)).left,
    STOCK_EVERY_MS,
  )
  metrics.gauge(
    'brieftaube_devices_without_key_packages',
    'Devices that have none but their last resort.',
    async () => (await keyPackageStock(pool)).without,
    STOCK_EVERY_MS,
  )
}
