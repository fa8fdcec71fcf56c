/** nginx as a process beside the services: for tests, and where there are no containers. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@brieftaube/service-kit'
import { renderGatewayConfig } from './render.ts'
import type { GatewaySettings } from './settings.ts'

type Given = 'runFolder' | 'accessLog' | 'errorLog' | 'user' | 'listen'

export interface GatewayProcessOptions extends Omit<GatewaySettings, Given> {
  /** 127.0.0.1; ports that are left out are free ones. */
  readonly listen?: { readonly http?: number | undefined; readonly https?: number | undefined } | undefined
}

export interface GatewayProcess extends AsyncDisposable {
  readonly httpPort: number
  /** 0 without TLS of its own. */
  readonly httpsPort: number
  readonly configFile: string
  /** What was logged so far, one JSON text per line. */
  accessLog(): Promise<string>
  errorLog(): Promise<string>
  /** The process id of the master. */
  readonly pid: number
  /** Writes another configuration and lets the running master take it. */
  reload(changes: Partial<GatewayProcessOptions>): Promise<void>
}

const START_MS = 10_000
/** Somebody else may have taken a port between the choice and the start. */
const ATTEMPTS = 3

/** Ready when it resolves. Throws with nginx's own words when it does not start. */
export async function startGateway(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-gateway-'))
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts(options)
    await writeConfig(folder, ports, options)
    const nginx = run(folder)
    try {
      await untilReady(nginx, folder)
      return handle(nginx, { folder, ports, options })
    } catch (error) {
      await stop(nginx)
      const said = await read(folder, 'error.log')
      if (attempt < ATTEMPTS && said.includes('Address already in use')) continue
      await rm(folder, { recursive: true, force: true })
      throw new Error(`nginx did not start: ${said}`, { cause: error })
    }
  }
}

interface Ports {
  readonly http: number
  readonly https?: number
}

async function choosePorts({ listen, tls }: GatewayProcessOptions): Promise<Ports> {
  const http = listen?.http ?? (await freePort())
  return tls.kind === 'proxy' ? { http } : { http, https: listen?.https ?? (await freePort()) }
}

function writeConfig(folder: string, ports: Ports, options: GatewayProcessOptions): Promise<void> {
  const settings: GatewaySettings = {
    ...options,
    listen: { addresses: ['127.0.0.1'], ...ports },
    runFolder: folder,
    accessLog: path.join(folder, 'access.log'),
    errorLog: path.join(folder, 'error.log'),
    // workers could not reach the folder of the one who started them otherwise
    ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
  }
  return writeFile(path.join(folder, 'nginx.conf'), renderGatewayConfig(settings))
}

function read(folder: string, name: string): Promise<string> {
  return readFile(path.join(folder, name), 'utf8').catch(() => '')
}

function run(folder: string): ChildProcess {
  const at = (name: string) => path.join(folder, name)
  const args = ['-e', at('error.log'), '-p', folder, '-c', at('nginx.conf')]
  const nginx = spawn(program(), args, { stdio: 'ignore' })
  // whoever ends without a word takes it along
  const end = (): void => void nginx.kill('SIGTERM')
  process.once('exit', end)
  nginx.once('exit', () => process.off('exit', end))
  return nginx
}

function handle(
  nginx: ChildProcess,
  parts: { folder: string; ports: Ports; options: GatewayProcessOptions },
): GatewayProcess {
  const { folder, ports } = parts
  let { options } = parts
  return {
    httpPort: ports.http,
    httpsPort: ports.https ?? 0,
    configFile: path.join(folder, 'nginx.conf'),
    pid: nginx.pid ?? 0,
    accessLog: () => read(folder, 'access.log'),
    errorLog: () => read(folder, 'error.log'),
    reload: async (changes) => {
      options = { ...options, ...changes }
      await writeConfig(folder, ports, options)
      nginx.kill('SIGHUP')
    },
    [Symbol.asyncDispose]: async () => {
      await stop(nginx)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Debian keeps it where ordinary users have no path to. */
function program(): string {
  return (
    process.env['NGINX'] ??
    (process.env['PATH']?.includes('/usr/sbin') === true ? 'nginx' : '/usr/sbin/nginx')
  )
}

/** nginx writes its process id once it listens. */
async function untilReady(nginx: ChildProcess, folder: string): Promise<void> {
  const deadline = Date.now() + START_MS
  let ended: Error | undefined
  nginx.once('error', (error) => (ended = error))
  nginx.once('exit', (code) => (ended ??= new Error(`it ended with ${String(code)}`)))
  while ((await read(folder, 'nginx.pid')) === '') {
    if (ended !== undefined) throw ended
    if (Date.now() > deadline) throw new Error('it does not listen')
    await sleep(20)
  }
}

async function stop(nginx: ChildProcess): Promise<void> {
  if (nginx.exitCode !== null || nginx.signalCode !== null || nginx.pid === undefined) return
  const gone = once(nginx, 'exit')
  nginx.kill('SIGTERM')
  await gone
}
