/** Vitest's global set-up: one PostgreSQL cluster for all test files of the run. */
import { startTestCluster, testClusterVariable } from '@brieftaube/service-kit'

export async function setup(): Promise<() => Promise<void>> {
  const cluster = await startTestCluster()
  process.env[testClusterVariable] = cluster.adminUrl
  return cluster.close
}
