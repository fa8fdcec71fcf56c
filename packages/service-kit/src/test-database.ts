/** A fresh, empty database on real PostgreSQL for one test file: from the run's cluster, else from one of its own. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { prepareDatabase, withDatabase, type ServiceDatabase } from './postgres.ts'

/** The test runner's global set-up starts one cluster and names its superuser here. */
export const testClusterVariable = 'BRIEFTAUBE_TEST_CLUSTER'

export interface TestDatabase extends AsyncDisposable {
  readonly auth: ServiceDatabase
  readonly chat: ServiceDatabase
  /** Superuser, connected to this database. */
  readonly adminUrl: string
}

export async function startTestCluster(settings: readonly string[] = ['fsync=off', 'full_page_writes=off']) {
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-cluster-'))
  const postgres = await startEmbeddedPostgres({
    directory: path.join(folder, 'database'),
    password: 'test-cluster',
    settings,
  })
  const close = async () => {
    await postgres.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { adminUrl: postgres.adminUrl, pid: postgres.pid, folder, close }
}

export async function startTestDatabase(): Promise<TestDatabase> {
  const shared = process.env[testClusterVariable]
  const own = shared === undefined ? await startTestCluster() : undefined
  const adminUrl = shared ?? own?.adminUrl ?? ''
  const name = `test_${randomBytes(6).toString('hex')}`
  const services = await prepareDatabase({ adminUrl, name, passwordOf: () => 'test-role' })
  const dispose = async () => {
    const admin = new pg.Client({ connectionString: adminUrl })
    await admin.connect()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
    await own?.close()
  }
  return { ...services, adminUrl: withDatabase(adminUrl, name), [Symbol.asyncDispose]: dispose }
}
