/** The stage: every screen of the window without a server, built once and served from memory's neighbour, the disk. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const gui = path.join(root, 'client/gui')
const built = path.join(gui, 'dist/stage-web')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

export interface Stage extends AsyncDisposable {
  /** Of a screen, see client/gui/stage/screens.ts. */
  address(screen: string, options?: { theme?: 'light' | 'dark'; lang?: 'de' | 'en'; size?: string }): string
}

/** Builds the stage and serves it on a free port. */
export async function openStage(): Promise<Stage> {
  await build()
  const server = createServer((request, response) => {
    const pathname = new URL(request.url ?? '/', 'http://stage').pathname
    const file = path.join(built, path.normalize(pathname))
    readFile(file).then(
      (bytes) => {
        response.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' })
        response.end(bytes)
      },
      () => response.writeHead(404).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: (screen, options = {}) => {
      const query = new URLSearchParams({ screen, theme: 'light', lang: 'de', ...options })
      return `http://127.0.0.1:${port}/stage.html?${query}`
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Where what the stage is built from lies. */
const sources = ['client/gui', 'client/contract/src', 'packages/protocol/src', 'package-lock.json']

async function build(): Promise<void> {
  if (await isFresh()) return
  const vite = path.join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(
    process.execPath,
    [vite, 'build', '--config', 'vite.stage.config.ts', '--logLevel', 'error'],
    {
      cwd: gui,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`The stage could not be built (${code}).`)
}

/** Whether what an earlier file of tests has built is newer than all it is built from. */
async function isFresh(): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(path.join(built, 'stage.html'))
    const times = await Promise.all(sources.map((each) => newest(path.join(root, each))))
    return Math.max(...times) < mtimeMs
  } catch {
    return false
  }
}

async function newest(place: string): Promise<number> {
  const found = await stat(place)
  if (!found.isDirectory()) return found.mtimeMs
  const names = (await readdir(place)).filter((name) => !['dist', 'node_modules', 'test'].includes(name))
  return Math.max(0, ...(await Promise.all(names.map((name) => newest(path.join(place, name))))))
}
