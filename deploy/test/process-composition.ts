/** The same five as processes of this machine: Debian's nginx and Redis, the embedded PostgreSQL, the services on Node. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSelfSigned, initialise, prepareRoles, type Places } from '@brieftaube/deploy'
import { freePort } from '@brieftaube/service-kit'
import { settingsText, untilUp, type Composition, type ServiceName } from './composition.ts'
import { restoreBackup, takeBackup } from './process-backup.ts'
import { databaseRunner, gatewayRunner, processRunner, type Runner } from './process-runners.ts'

const root = path.resolve(import.meta.dirname, '../..')

export async function startProcessComposition(): Promise<Composition> {
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-processes-'))
  const output: string[] = []
  const ports = {
    http: await freePort(),
    https: await freePort(),
    db: await freePort(),
    cache: await freePort(),
  }
  const auth = await freePort()
  const address = `https://localhost:${ports.https}`
  const places = await fillFolder(folder, address, ports)
  await initialise(places)
  const db = databaseRunner(folder, places, ports.db)
  const cache = processRunner(output, () => redisArguments(places, ports.cache))
  const service = (name: 'auth' | 'chat', port: number) =>
    processRunner(output, () => [process.execPath, path.join(root, `services/${name}/dist/main.js`)], {
      ...environment(places, name, { address, port, auth }),
    })
  const authRunner = service('auth', auth)
  const chats: { readonly port: number; readonly runner: Runner }[] = []
  const addChat = async () => {
    const port = await freePort()
    chats.push({ port, runner: service('chat', port) })
  }
  const gateway = gatewayRunner(() => ({
    publicOrigin: address,
    tls: {
      kind: 'files',
      certificate: path.join(places.tlsFolder, 'fullchain.pem'),
      key: path.join(places.tlsFolder, 'privkey.pem'),
    },
    listen: { http: ports.http, https: ports.https },
    upstreams: { auth: [`127.0.0.1:${auth}`], chat: chats.map(({ port }) => `127.0.0.1:${port}`) },
    webRoot: path.join(root, 'client/gui/dist/web'),
  }))
  await addChat()
  const runnersOf = (name: ServiceName): readonly Runner[] =>
    ({
      gateway: [gateway],
      auth: [authRunner],
      chat: chats.map(({ runner }) => runner),
      db: [db],
      cache: [cache],
    })[name]
  const each = async (name: ServiceName, work: (runner: Runner) => Promise<void>) => {
    for (const runner of runnersOf(name)) await work(runner)
  }
  const composition: Composition = {
    form: 'processes',
    address,
    browserFlags: ['--ignore-certificate-errors'],
    stop: (name) => each(name, (runner) => runner.stop()),
    start: (name) => each(name, (runner) => runner.start()),
    kill: async (name) => runnersOf(name)[0]?.kill(),
    scaleChat: async (count) => {
      while (chats.length < count) {
        await addChat()
        await chats.at(-1)?.runner.start()
      }
      await gateway.reload()
    },
    chatInstances: async () =>
      (await Promise.all(chats.map(({ port }) => isReady(port)))).filter(Boolean).length,
    backUp: () => takeBackup(folder, places),
    restore: async (backup) => {
      for (const name of ['gateway', 'chat', 'auth'] as const) await composition.stop(name)
      await restoreBackup(places, backup)
      await initialise(places)
      for (const name of ['auth', 'chat', 'gateway'] as const) await composition.start(name)
      await untilUp(composition)
    },
    memory: async () => new Map(),
    logs: async () => output.join(''),
    [Symbol.asyncDispose]: async () => {
      for (const name of ['gateway', 'chat', 'auth', 'cache', 'db'] as const)
        await each(name, (runner) => runner.stop()).catch(() => undefined)
      await rm(folder, { recursive: true, force: true })
    },
  }
  try {
    for (const name of ['db', 'cache', 'auth', 'chat', 'gateway'] as const) {
      await composition.start(name)
      if (name === 'db') await prepareRoles(places.secrets.prepare)
    }
    await untilUp(composition)
  } catch (error) {
    await composition[Symbol.asyncDispose]()
    throw error
  }
  return composition
}

async function fillFolder(
  folder: string,
  address: string,
  ports: Readonly<Record<'http' | 'https' | 'db' | 'cache', number>>,
): Promise<Places> {
  const at = (name: string) => path.join(folder, name)
  const secret = (name: string) => at(`secrets-${name}`)
  const { key, certificate } = createSelfSigned('localhost')
  await writeFile(at('fullchain.pem'), certificate)
  await writeFile(at('privkey.pem'), key, { mode: 0o600 })
  const settings = {
    ADDRESS: address,
    HTTP_PORT: String(ports.http),
    HTTPS_PORT: String(ports.https),
    REGISTRATION: 'open',
  }
  await writeFile(at('settings.env'), settingsText(settings))
  return {
    settingsFile: at('settings.env'),
    tlsFolder: folder,
    secrets: {
      master: secret('master'),
      auth: secret('auth'),
      chat: secret('chat'),
      prepare: secret('prepare'),
      db: secret('db'),
      cache: secret('cache'),
    },
    gateway: { config: at('gateway'), acme: at('acme') },
    database: `127.0.0.1:${ports.db}`,
    cache: `127.0.0.1:${ports.cache}`,
  }
}

/** What compose.yaml tells the service. */
function environment(
  places: Places,
  name: 'auth' | 'chat',
  { address, port, auth }: { address: string; port: number; auth: number },
): Record<string, string> {
  const folder = places.secrets[name]
  const common = {
    HOST: '127.0.0.1',
    PORT: String(port),
    PROXIES: '1',
    ORIGINS: address,
    DATABASE_OWNER_URL_FILE: path.join(folder, 'database-owner-url'),
    DATABASE_URL_FILE: path.join(folder, 'database-url'),
    REDIS_URL_FILE: path.join(folder, 'redis-url'),
  }
  const own =
    name === 'auth'
      ? { REGISTRATION: 'open', SECRETS: folder }
      : { AUTH_URL: `http://127.0.0.1:${auth}`, INTERNAL_SECRET_FILE: path.join(folder, 'internal-secret') }
  return Object.fromEntries(
    Object.entries({ ...common, ...own }).map(([key, value]) => [`BRIEFTAUBE_${key}`, value]),
  )
}

function redisArguments(places: Places, port: number): string[] {
  const users = path.join(places.secrets.cache, 'users.acl')
  return [
    ...['redis-server', '--port', String(port), '--bind', '127.0.0.1', '--aclfile', users],
    ...['--save', '', '--appendonly', 'no', '--dir', places.secrets.cache],
  ]
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}
