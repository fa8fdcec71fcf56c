import { defineConfig } from 'vitest/config'

const resolve = { conditions: ['source'] }
const ssr = { resolve: { conditions: ['source'], externalConditions: ['source'] } }

// what is coalesced for a second and a half cannot be there after the runner's default of one
const expectations = { poll: { timeout: 15_000 } }

/** Pure modules need nothing; the others run against one PostgreSQL cluster that the run starts and stops. */
export default defineConfig({
  resolve,
  ssr,
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'modules',
          expect: expectations,
          testTimeout: 30_000,
          include: [
            'packages/{protocol,content,group-policy}/test/**/*.test.ts',
            'client/**/test/**/*.test.{ts,tsx}',
            'deploy/test/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/test/browser/**'],
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'services',
          expect: expectations,
          // timing on a busy machine: a second chance, which the report names
          retry: 1,
          include: [
            'packages/{service-kit,testkit}/test/**/*.test.ts',
            'services/*/test/**/*.test.ts',
            'bench/test/**/*.test.ts',
          ],
          globalSetup: ['packages/testkit/src/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'browser',
          expect: expectations,
          // timing on a busy machine: a second chance, which the report names
          retry: 1,
          include: ['e2e/test/**/*.test.ts', 'client/**/test/browser/**/*.test.ts'],
          // each drives a Chromium and a server of its own: one at a time leaves them the machine
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          // the five containers, or the same as processes; started by bin/containers.mjs
          name: 'containers',
          expect: expectations,
          include: ['deploy/test/stories/*.test.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
