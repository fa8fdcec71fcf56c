/** What the auth service counts besides its calls. */
import { createMetrics, type Metrics, type Pool } from '@brieftaube/service-kit'
import { countAccounts } from './account-store.ts'
import { lastBackupAt } from './backup-store.ts'

const EVERY_MS = 30_000

export function createAuthMetrics(pool: Pool, now: () => number): Metrics {
  const metrics = createMetrics()
  metrics.gauge(
    'brieftaube_backup_age_seconds',
    'Since the last backup was finished; -1: never.',
    async () => {
      const at = await lastBackupAt(pool)
      return at === undefined ? -1 : Math.max(0, (now() - at) / 1000)
    },
  )
  metrics.gauge('brieftaube_accounts', 'Accounts that are not disabled.', () => countAccounts(pool), EVERY_MS)
  metrics.gauge(
    'brieftaube_database_clients_waiting',
    'Requests that wait for a connection.',
    () => pool.waitingCount,
  )
  return metrics
}
