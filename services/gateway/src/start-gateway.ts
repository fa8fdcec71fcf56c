/** nginx as a process beside the services: for tests, and where there are no containers. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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

/** Ready when it resolves. Throws with nginx's own words when it does not start. */
export async function startGateway(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-gateway-'))
  const file = (name: string) => path.join(folder, name)
  const read = (name: string) => readFile(file(name), 'utf8').catch(() => '')
  const httpPort = options.listen?.http ?? (await freePort())
  const httpsPort = options.tls.kind === 'proxy' ? 0 : (options.listen?.https ?? (await freePort()))
  let current = options
  const write = () =>
    writeFile(
      file('nginx.conf'),
      renderGatewayConfig({
        ...current,
        listen: {
          addresses: ['127.0.0.1'],
          http: httpPort,
          ...(httpsPort === 0 ? {} : { https: httpsPort }),
        },
        runFolder: folder,
        accessLog: file('access.log'),
        errorLog: file('error.log'),
        // workers could not reach the folder of the one who started them otherwise
        ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
      }),
    )
  await write()
  const nginx = spawn(program(), ['-e', file('error.log'), '-p', folder, '-c', file('nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  try {
    await untilReady(nginx, httpPort)
  } catch (error) {
    await stop(nginx)
    const cause = await read('error.log')
    await rm(folder, { recursive: true, force: true })
    throw new Error(`nginx did not start: ${cause}`, { cause: error })
  }
  return {
    httpPort,
    httpsPort,
    configFile: file('nginx.conf'),
    pid: nginx.pid ?? 0,
    accessLog: () => read('access.log'),
    errorLog: () => read('error.log'),
    reload: async (changes) => {
      current = { ...current, ...changes }
      await write()
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

async function untilReady(nginx: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + START_MS
  let ended: Error | undefined
  nginx.once('error', (error) => (ended = error))
  nginx.once('exit', (code) => (ended ??= new Error(`it ended with ${String(code)}`)))
  while (!(await answers(port))) {
    if (ended !== undefined) throw ended
    if (Date.now() > deadline) throw new Error('it does not listen')
    await sleep(20)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1', () => {
      probe.destroy()
      resolve(true)
    }).on('error', () => resolve(false))
  })
}

async function stop(nginx: ChildProcess): Promise<void> {
  if (nginx.exitCode !== null || nginx.signalCode !== null || nginx.pid === undefined) return
  const gone = once(nginx, 'exit')
  nginx.kill('SIGTERM')
  await gone
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}
