/** What the processes of a composition have in common: they start, stop, and come back when nobody stopped them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Places } from '@brieftaube/deploy'
import { startGateway, type GatewayProcess, type GatewayProcessOptions } from '@brieftaube/gateway'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@brieftaube/service-kit'

const RESTART_MS = 500

/** Something that runs once at a time and can be ended in two ways. */
export interface Runner {
  start(): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
}

export function processRunner(
  output: string[],
  command: () => readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Runner {
  let child: ChildProcess | undefined
  let wanted = false
  const launch = async () => {
    const [program = '', ...rest] = command()
    const env = { PATH: process.env['PATH'], ...variables }
    const launched = spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = launched
    endWithUs(
      () => ((launched.exitCode ?? launched.signalCode) === null ? launched.pid : undefined),
      'SIGKILL',
    )
    for (const stream of [launched.stdout, launched.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk.toString()))
    // like `restart: unless-stopped`: one that found its database away tries again
    launched.on('exit', () => {
      setTimeout(() => {
        if (wanted && child === launched) void launch()
      }, RESTART_MS)
    })
    await once(launched, 'spawn')
  }
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    wanted = false
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  return {
    start: () => {
      wanted = true
      return launch()
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** Whoever ends without a word, e.g. by Ctrl+C, takes them along. */
function endWithUs(running: () => number | undefined, signal: NodeJS.Signals): void {
  const end = () => {
    const pid = running()
    try {
      if (pid !== undefined) process.kill(pid, signal)
    } catch {
      // it ended before
    }
  }
  process.once('exit', end)
  process.once('SIGTERM', end)
}

export function databaseRunner(folder: string, places: Places, port: number): Runner {
  let server: EmbeddedPostgres | undefined
  const stop = async () => {
    await server?.close()
    server = undefined
  }
  return {
    start: async () => {
      const password = await readFile(path.join(places.secrets.db, 'superuser-password'), 'utf8')
      const directory = path.join(folder, 'database')
      server = await startEmbeddedPostgres({ directory, password, port, superuser: 'postgres' })
      endWithUs(() => server?.pid, 'SIGQUIT')
    },
    stop,
    kill: async () => {
      if (server !== undefined) process.kill(server.pid, 'SIGQUIT')
      await stop()
    },
  }
}

export function gatewayRunner(options: () => GatewayProcessOptions): Runner & { reload(): Promise<void> } {
  let gateway: GatewayProcess | undefined
  const stop = async () => {
    await gateway?.[Symbol.asyncDispose]()
    gateway = undefined
  }
  return {
    start: async () => {
      gateway = await startGateway(options())
    },
    stop,
    kill: stop,
    reload: async () => gateway?.reload(options()),
  }
}
