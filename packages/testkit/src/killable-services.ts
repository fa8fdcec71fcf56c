/** The services in a child process on a database that outlives them: killed with SIGKILL, started again on the same port. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { loadAuthSecrets } from '@brieftaube/auth'
import { freePort, startTestDatabase, type TestDatabase } from '@brieftaube/service-kit'
import type { ServiceParts } from './services.ts'

export interface KillableServices extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly database: TestDatabase
  /** SIGKILL, at whatever it is doing. */
  kill(): Promise<void>
  /** Resolves when it answers again. */
  start(): Promise<void>
}

/** Needs a current build of this package: the child runs plain JavaScript. */
const program = path.join(import.meta.dirname, '..', 'dist', 'services-process.js')

export async function startKillableServices(): Promise<KillableServices> {
  const database = await startTestDatabase()
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-secrets-'))
  const secrets = await loadAuthSecrets(folder)
  const port = await freePort()
  const { auth, chat } = database
  const parts: ServiceParts = { auth, chat, secrets, port }
  let child: ChildProcess | undefined
  const kill = async () => {
    const running = child
    child = undefined
    if (running === undefined || running.exitCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill('SIGKILL')
    await gone
  }
  const start = async () => {
    child = await spawnServices(parts)
  }
  await start()
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    database,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await kill()
      await database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function spawnServices(parts: ServiceParts): Promise<ChildProcess> {
  const environment = { ...process.env, BRIEFTAUBE_TEST_PARTS: JSON.stringify(parts) }
  const child = spawn(process.execPath, [program], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve, reject) => {
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4000)
    })
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('ready')) resolve(child)
    })
    child.once('exit', (code) => reject(new Error(`the services ended with ${String(code)}: ${errors}`)))
  })
}
