/** The chat service on a database of its own, and what both cost. */
import { startTestCluster, prepareDatabase, openPool, withDatabase, type Pool } from '@brieftaube/service-kit'
import type { ChatServerConfiguration } from './chat-server.ts'
import type { Server } from './people.ts'
import { cpuSecondsOf, residentBytesOf, startChild, type Child } from './processes.ts'
import { createIssuer } from './tokens.ts'

export interface ChatUnderTest extends AsyncDisposable {
  readonly server: Server
  readonly child: Child
  /** Superuser, with the chat service's schema as search path. */
  readonly admin: Pool
  /** Of Node and of PostgreSQL with all its processes. */
  cpuSeconds(): { readonly node: number; readonly postgres: number }
  residentBytes(): number
  /** After a collection. */
  memory(): Promise<NodeJS.MemoryUsage>
  analyze(): Promise<void>
  storedMessages(): Promise<number>
}

export interface ChatOptions {
  readonly lanes: number
  /** Where a CPU profile is written when it ends. */
  readonly profileFolder?: string | undefined
}

/** PostgreSQL with its ordinary durability: fsync, full pages, synchronous commit. */
export async function startChatUnderTest({ lanes, profileFolder }: ChatOptions): Promise<ChatUnderTest> {
  const cluster = await startTestCluster([])
  // PostgreSQL has a session of its own: it would outlive an interrupted run
  const abandon = (): void => void process.kill(cluster.pid, 'SIGINT')
  process.once('exit', abandon)
  const { chat: database } = await prepareDatabase({
    adminUrl: cluster.adminUrl,
    name: 'bench',
    passwordOf: () => 'bench-role',
  })
  const issuer = createIssuer()
  const origin = 'http://bench.invalid'
  const configuration: ChatServerConfiguration = { database, origin, jwks: issuer.jwks, lanes }
  const profiling = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`]
  const child = await startChild(new URL('./chat-server.js', import.meta.url), configuration, [
    '--expose-gc',
    // as the product starts it
    '--max-semi-space-size=32',
    ...profiling,
  ])
  const admin = openPool(
    { ownerUrl: '', appUrl: withDatabase(cluster.adminUrl, 'bench') },
    { schema: 'chat', max: 2 },
  )
  const countMessages = 'select count(*)::int8 as count from entry where kind = 0 and counter > 1000000'
  return {
    server: { port: child.port, origin, issuer },
    child,
    admin,
    cpuSeconds: () => ({ node: cpuSecondsOf([child.pid]), postgres: cpuSecondsOf([cluster.pid]) }),
    residentBytes: () => residentBytesOf(child.pid),
    memory: async () => (await child.ask('memory')) as NodeJS.MemoryUsage,
    analyze: async () => {
      await admin.query('analyze')
    },
    storedMessages: async () => {
      const { rows } = await admin.query<{ count: number }>(countMessages)
      return rows[0]?.count ?? 0
    },
    [Symbol.asyncDispose]: async () => {
      await child[Symbol.asyncDispose]()
      await admin.end()
      process.off('exit', abandon)
      await cluster.close()
    },
  }
}
