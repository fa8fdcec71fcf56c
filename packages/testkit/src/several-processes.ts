/** One auth process and several chat processes as in production, on one database and one Redis, behind a balancer. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startTestDatabase, type TestDatabase } from '@brieftaube/service-kit'
import { startBalancer, type Balancer } from './balancer.ts'
import { testOrigin } from './services.ts'

export interface SeveralProcesses extends AsyncDisposable {
  /** A way in, whose sockets try this chat process first. */
  enter(socketsTo: number): Promise<Balancer>
  readonly database: TestDatabase
  readonly chats: readonly ServiceProcess[]
  readonly auth: ServiceProcess
}

export interface ServiceProcess {
  readonly port: number
  /** What it logged since it began, one line each. */
  readonly logged: readonly string[]
  /** Resolves when it is ready; on the same port every time. */
  start(): Promise<void>
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>
  /** SIGTERM; the milliseconds until it has ended, and how. */
  stop(): Promise<{ readonly ms: number; readonly code: number | null }>
}

export interface SeveralOptions {
  readonly chats: number
  /** See `parseRedisAddress`. */
  readonly redisUrl: string
}

const root = path.join(import.meta.dirname, '..', '..', '..')
/** Plain JavaScript: this needs a current build of the services. */
const programs = {
  auth: path.join(root, 'services', 'auth', 'dist', 'main.js'),
  chat: path.join(root, 'services', 'chat', 'dist', 'main.js'),
}

export async function startSeveralProcesses(options: SeveralOptions): Promise<SeveralProcesses> {
  const database = await startTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-several-'))
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(folder, name), text, { mode: 0o600 })
    return path.join(folder, name)
  }
  const common = { ORIGINS: testOrigin, REDIS_URL_FILE: await file('redis', options.redisUrl) }
  const databaseOf = async (service: 'auth' | 'chat') => ({
    DATABASE_OWNER_URL_FILE: await file(`${service}-owner`, database[service].ownerUrl),
    DATABASE_URL_FILE: await file(`${service}-app`, database[service].appUrl),
  })
  const secrets = path.join(folder, 'secrets')
  const auth = await startProcess(programs.auth, {
    ...common,
    ...(await databaseOf('auth')),
    SECRETS: secrets,
    REGISTRATION: 'open',
  })
  const chatSettings = {
    ...common,
    ...(await databaseOf('chat')),
    AUTH_URL: `http://127.0.0.1:${String(auth.port)}`,
    INTERNAL_SECRET_FILE: path.join(secrets, 'internal-secret'),
  }
  const chats: ServiceProcess[] = []
  for (let n = 0; n < options.chats; n++) chats.push(await startProcess(programs.chat, chatSettings))
  const balancers: Balancer[] = []
  return {
    enter: async (socketsTo) => {
      const ports = chats.map((chat) => chat.port)
      const balancer = await startBalancer({ auth: auth.port, chats: ports, socketsTo })
      balancers.push(balancer)
      return balancer
    },
    database,
    chats,
    auth,
    [Symbol.asyncDispose]: async () => {
      for (const balancer of balancers) await balancer[Symbol.asyncDispose]()
      for (const each of [...chats, auth]) await each.kill()
      await database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startProcess(
  program: string,
  settings: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const logged: string[] = []
  let port = 0
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    logged.length = 0
    child = spawn(process.execPath, [program], {
      env: environmentOf({ ...settings, PORT: String(port) }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    port = await untilReady(child, logged)
  }
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return running?.exitCode ?? null
    const gone = once(running, 'exit')
    running.kill(signal)
    const [code] = (await gone) as [number | null]
    return code
  }
  await start()
  return {
    get port() {
      return port
    },
    logged,
    start,
    kill: async () => {
      await end('SIGKILL')
    },
    stop: async () => {
      const asked = performance.now()
      const code = await end('SIGTERM')
      return { ms: performance.now() - asked, code }
    },
  }
}

/** The test runner's own variables would stop the start. */
function environmentOf(settings: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('BRIEFTAUBE_'))
  const own = Object.entries(settings).map(([name, value]) => [`BRIEFTAUBE_${name}`, value])
  return Object.fromEntries([...others, ...own]) as Record<string, string | undefined>
}

/** Collects what it logs; resolves to its port. */
function untilReady(child: ChildProcess, logged: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let rest = ''
    const take = (chunk: Buffer): void => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        logged.push(line)
        const ready = /"port":(\d+).*"msg":"ready"/.exec(line)
        if (ready !== null) resolve(Number(ready[1]))
      }
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('exit', (code) =>
      reject(new Error(`it ended with ${String(code)}: ${logged.slice(-20).join('\n')}`)),
    )
  })
}
