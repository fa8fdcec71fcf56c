/** The built product as its operator starts it: `services/standalone` in a process of its own, on a free port. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const READY_MS = 60_000

export interface Product extends AsyncDisposable {
  readonly address: string
  readonly dataFolder: string
  readonly pid: number
  /** The one-time link that makes an administrator; only while there is none. */
  readonly adminLink: string | undefined
  /** Everything it printed. */
  output(): string
  /** As Ctrl+C does; resolves to the exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
}

export interface ProductOptions {
  readonly port: number
  readonly dataFolder: string
  readonly flags?: readonly string[] | undefined
}

/** Rejects with the product's own words when it does not become ready. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const main = path.join(root, 'services/standalone/dist/main.js')
  const flags = [
    '--port',
    String(options.port),
    '--data',
    options.dataFolder,
    '--verbose',
    ...(options.flags ?? []),
  ]
  const child = spawn(process.execPath, [main, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = collect(child)
  const address = `http://localhost:${options.port}`
  await untilReady(child, output)
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exited = once(child, 'exit')
    child.kill('SIGINT')
    const [code] = (await exited) as [number | null]
    return code
  }
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  return {
    address,
    dataFolder: options.dataFolder,
    pid: child.pid ?? 0,
    adminLink: /https?:\/\/\S+\/invite\/\S+/.exec(output())?.[0],
    output,
    stop,
    kill,
    [Symbol.asyncDispose]: async () => {
      await stop()
    },
  }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  const add = (chunk: Buffer) => {
    text += chunk.toString()
  }
  child.stdout?.on('data', add)
  child.stderr?.on('data', add)
  return () => text
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const until = Date.now() + READY_MS
  while (!/http:\/\/localhost:\d+/.test(output())) {
    if (child.exitCode !== null) throw new Error(`the product ended with ${child.exitCode}:\n${output()}`)
    if (Date.now() > until) throw new Error(`the product is not ready after ${READY_MS} ms:\n${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export async function temporaryFolder(name: string): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), `brieftaube-${name}-`))
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
