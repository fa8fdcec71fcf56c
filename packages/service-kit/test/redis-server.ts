/** A real Redis of the test's own, on a Unix socket, without persistence; or a Cluster of three on loopback. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isFree } from '../src/free-port.ts'

export interface TestRedis extends AsyncDisposable {
  readonly url: string
  /** On loopback, if it was asked for. */
  readonly port: number
  /** Kills it without warning; `start` brings an empty one up at the same place. */
  kill(): Promise<void>
  start(): Promise<void>
  /** It takes connections and commands and answers nothing, until it thaws. */
  freeze(): void
  thaw(): void
  /** Takes its memory away. */
  flush(): Promise<void>
}

export interface TestRedisOptions {
  /** Lines of an ACL file. */
  readonly acl?: readonly string[] | undefined
  /** Also on a port. */
  readonly port?: boolean | undefined
}

export async function startTestRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'brieftaube-redis-'))
  const path = join(folder, 'socket')
  const [port = 0] = options.port === true ? await freePorts(1) : []
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', path]
  const server = createServerProcess(folder, where, options)
  const start = async (): Promise<void> => {
    server.start()
    await untilAnswering(() => createConnection(path))
  }
  const kill = async (): Promise<void> => {
    await server.kill()
    rmSync(path, { force: true })
  }
  await start()
  return {
    url: path,
    port,
    kill,
    start,
    freeze: () => server.signal('SIGSTOP'),
    thaw: () => server.signal('SIGCONT'),
    flush: () => redisTool(['-s', path, 'flushall'], options.acl !== undefined),
    [Symbol.asyncDispose]: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface ServerProcess {
  start(): void
  kill(): Promise<void>
  signal(signal: NodeJS.Signals): void
}

function createServerProcess(
  folder: string,
  where: readonly string[],
  { acl }: TestRedisOptions,
): ServerProcess {
  const users = join(folder, 'users.acl')
  if (acl !== undefined) writeFileSync(users, `${[...acl, toolUser].join('\n')}\n`)
  const options = ['--save', '', '--appendonly', 'no', '--dir', folder]
  const guarded = acl === undefined ? [] : ['--aclfile', users]
  let running: ChildProcess | undefined
  return {
    start: () => {
      running = spawn('redis-server', [...where, ...options, ...guarded], { stdio: 'ignore' })
    },
    kill: async () => {
      if (running === undefined) return
      const gone = once(running, 'exit')
      running.kill('SIGKILL')
      running = undefined
      await gone
    },
    signal: (signal) => void running?.kill(signal),
  }
}

async function untilAnswering(dial: () => ReturnType<typeof createConnection>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const probe = dial()
      probe.on('connect', () => {
        probe.destroy()
        resolve(true)
      })
      probe.on('error', () => resolve(false))
    })
    if (open) return
    await sleep(25)
  }
  throw new Error('redis-server does not come up')
}

export interface TestRedisCluster extends AsyncDisposable {
  readonly ports: readonly number[]
  kill(index: number): Promise<void>
  start(index: number): Promise<void>
}

/** Who may do what the user under test may not. */
const toolPassword = 'only-for-this-test'
const toolUser = `user tool on #${sha256(toolPassword)} ~* &* +@all`

async function redisTool(words: readonly string[], isGuarded: boolean): Promise<void> {
  const login = isGuarded ? ['--user', 'tool', '--pass', toolPassword, '--no-auth-warning'] : []
  await promisify(execFile)('redis-cli', [...login, ...words])
}

export async function startTestRedisCluster(options: TestRedisOptions = {}): Promise<TestRedisCluster> {
  const root = mkdtempSync(join(tmpdir(), 'brieftaube-redis-cluster-'))
  const ports = await freePorts(3)
  const servers = ports.map((port) => {
    const folder = mkdtempSync(join(root, 'node-'))
    const where = ['--port', String(port), '--bind', '127.0.0.1', '--cluster-enabled', 'yes']
    // killed masters come back as what they were, and nobody takes their place meanwhile
    const cluster = ['--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no']
    return createServerProcess(folder, [...where, ...cluster], options)
  })
  const start = async (index: number): Promise<void> => {
    servers[index]?.start()
    await untilAnswering(() => createConnection(ports[index] ?? 0, '127.0.0.1'))
  }
  for (const index of servers.keys()) await start(index)
  const addresses = ports.map((port) => `127.0.0.1:${String(port)}`)
  await redisTool(['--cluster', 'create', ...addresses, '--cluster-yes'], options.acl !== undefined)
  return {
    ports,
    start,
    kill: async (index) => servers[index]?.kill(),
    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server.kill()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** The bus listens 10,000 above. */
async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = 20_000 + Math.floor(Math.random() * 20_000)
    if (!ports.includes(port) && (await isFree(port)) && (await isFree(port + 10_000))) ports.push(port)
  }
  return ports
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
