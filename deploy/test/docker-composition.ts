/** The composition in containers, under a project name, ports and a folder of its own. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@brieftaube/service-kit'
import { createSelfSigned } from '@brieftaube/deploy'
import {
  serviceNames,
  settingsText,
  untilUp,
  type Backup,
  type Composition,
  type ServiceName,
} from './composition.ts'

const deployFolder = path.resolve(import.meta.dirname, '..')
const run = promisify(execFile)

export interface DockerOptions {
  /** The Docker command, and the one for Compose: `docker compose` or `docker-compose`. */
  readonly docker: string
  readonly compose: readonly string[]
  /** The name of the Compose project, by which whoever started this finds what is left. */
  readonly project: string
  /** More settings, e.g. the images. */
  readonly settings: Readonly<Record<string, string>>
}

export interface DockerComposition extends Composition {
  readonly folder: string
  /** Of our images. */
  readonly tag: string
  /** Runs Docker itself; resolves to what it printed. */
  docker(...args: readonly string[]): Promise<string>
  compose(...args: readonly string[]): Promise<string>
  /** In the first healthy instance. */
  exec(service: string, ...command: readonly string[]): Promise<string>
  containers(service: ServiceName | 'init' | 'prepare'): Promise<string[]>
}

export async function startDockerComposition(options: DockerOptions): Promise<DockerComposition> {
  const folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-containers-'))
  const { project } = options
  const [httpPort, httpsPort] = [await freePort(), await freePort()]
  const address = `https://localhost:${httpsPort}`
  await fillFolder(folder, {
    ADDRESS: address,
    LISTEN: '127.0.0.1',
    HTTP_PORT: String(httpPort),
    HTTPS_PORT: String(httpsPort),
    REGISTRATION: 'open',
    ...options.settings,
  })
  // the operator's scripts find the project by this name, too
  const env = { ...process.env, COMPOSE_PROJECT_NAME: project }
  const execute = async (command: string, args: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await run(command, args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 })
    return stdout + stderr
  }
  const docker = (...args: readonly string[]) => execute(options.docker, args)
  const [composeCommand = 'docker-compose', ...before] = options.compose
  const compose = (...args: readonly string[]) => execute(composeCommand, [...before, ...args])
  const containers = async (service: string) =>
    (
      await docker(
        'ps',
        '--all',
        '--quiet',
        '--filter',
        `label=com.docker.compose.project=${project}`,
        '--filter',
        `label=com.docker.compose.service=${service}`,
      )
    )
      .split('\n')
      .filter((line) => line !== '')
  const running = async (service: string) =>
    (
      await docker(
        'ps',
        '--quiet',
        '--filter',
        `label=com.docker.compose.project=${project}`,
        '--filter',
        `label=com.docker.compose.service=${service}`,
        '--filter',
        'health=healthy',
      )
    )
      .split('\n')
      .filter((line) => line !== '')
  let chats = 1
  const up = (...args: readonly string[]) =>
    compose('up', '--detach', '--no-build', '--scale', `chat=${chats}`, ...args)
  const close = async () => {
    await compose('down', '--volumes', '--timeout', '5')
    await rm(folder, { recursive: true, force: true })
  }
  const composition: DockerComposition = {
    form: 'containers',
    address,
    browserFlags: ['--ignore-certificate-errors'],
    folder,
    tag: options.settings['VERSION'] ?? 'latest',
    docker,
    compose,
    containers,
    // Docker itself, because Compose in Python takes a second for every word
    stop: async (service) => void (await docker('stop', '--time', '30', ...(await containers(service)))),
    start: async (service) => void (await docker('start', ...(await containers(service)))),
    exec: async (service, ...command) => docker('exec', (await running(service))[0] ?? '', ...command),
    kill: async (service) => {
      const [first = ''] = await running(service)
      await docker('kill', first)
    },
    scaleChat: async (count) => {
      chats = count
      await up('--no-recreate', '--no-deps', 'chat')
    },
    chatInstances: async () => (await running('chat')).length,
    backUp: () => backUp(folder, execute),
    restore: async ({ file, key }) => {
      await execute('./restore', [file, '--key', key, '--replace'])
      chats = 1
      await untilUp(composition)
    },
    memory: () => memoryOf(docker, containers),
    logs: () => compose('logs', '--no-color', '--tail', '200'),
    [Symbol.asyncDispose]: close,
  }
  try {
    await up()
    await untilUp(composition)
  } catch (error) {
    const logs = await composition.logs().catch(() => '')
    await close().catch(() => undefined)
    throw new Error(`the composition does not come up:\n${logs.slice(-8000)}`, { cause: error })
  }
  return composition
}

async function fillFolder(folder: string, settings: Readonly<Record<string, string>>): Promise<void> {
  for (const name of ['compose.yaml', 'acme.sh', 'tls', 'backup', 'restore'])
    await cp(path.join(deployFolder, name), path.join(folder, name), { recursive: true })
  const { key, certificate } = createSelfSigned('localhost')
  await writeFile(path.join(folder, 'tls/fullchain.pem'), certificate)
  // in this throw-away folder everybody may read it: the containers' user is not ours
  await writeFile(path.join(folder, 'tls/privkey.pem'), key, { mode: 0o644 })
  await writeFile(path.join(folder, 'settings.env'), settingsText(settings))
  await symlink('settings.env', path.join(folder, '.env'))
}

async function backUp(
  folder: string,
  execute: (command: string, args: readonly string[]) => Promise<string>,
): Promise<Backup> {
  const key = path.join(folder, 'key')
  const printed = await execute('./backup', ['--new-key'])
  await writeFile(key, /^AGE-SECRET-KEY-.*$/m.exec(printed)?.[0] ?? '', { mode: 0o600 })
  await execute('./backup', ['backups/story.age'])
  return { key, file: path.join(folder, 'backups/story.age') }
}

async function memoryOf(
  docker: DockerComposition['docker'],
  containers: DockerComposition['containers'],
): Promise<ReadonlyMap<ServiceName, number>> {
  const services = new Map<string, ServiceName>()
  for (const service of serviceNames) for (const id of await containers(service)) services.set(id, service)
  const lines = await docker(
    'stats',
    '--no-stream',
    '--format',
    '{{.Container}} {{.MemUsage}}',
    ...services.keys(),
  )
  const memory = new Map<ServiceName, number>()
  for (const line of lines.split('\n')) {
    const [id = '', used = ''] = line.split(' ')
    const service = services.get(id)
    if (service !== undefined) memory.set(service, (memory.get(service) ?? 0) + sizeBytes(used))
  }
  return memory
}

function sizeBytes(text: string): number {
  const [, number, unit] = /^([\d.]+)([KMG]?)i?B$/.exec(text.trim()) ?? []
  const factor = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unit ?? ''] ?? 1
  return Number(number ?? 0) * factor
}
