/** The five containers as the stories see them: the same words for containers and for processes. */
import { request } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { authRoutes } from '@brieftaube/protocol'

export const serviceNames = ['gateway', 'auth', 'chat', 'db', 'cache'] as const
export type ServiceName = (typeof serviceNames)[number]

export interface Composition extends AsyncDisposable {
  readonly form: 'containers' | 'processes'
  /** What browsers open. */
  readonly address: string
  /** The certificate is signed by nobody that Chromium knows. */
  readonly browserFlags: readonly string[]
  /** Gracefully; all instances. */
  stop(service: ServiceName): Promise<void>
  start(service: ServiceName): Promise<void>
  /** One instance, without a warning. */
  kill(service: ServiceName): Promise<void>
  scaleChat(count: number): Promise<void>
  /** How many instances of the chat service answer. */
  chatInstances(): Promise<number>
  /** While it runs; resolves to what `restore` takes. */
  backUp(): Promise<Backup>
  /** Over what is there; up again when it resolves. */
  restore(backup: Backup): Promise<void>
  /** Bytes in use, by service. */
  memory(): Promise<ReadonlyMap<ServiceName, number>>
  /** What all of them printed. */
  logs(): Promise<string>
}

export interface Backup {
  readonly file: string
  /** A file with the operator's private key. */
  readonly key: string
}

const UP_MS = 120_000

/** Waits until the gateway answers, and behind it the auth service. */
export async function untilUp(composition: Composition): Promise<void> {
  const until = Date.now() + UP_MS
  let last = ''
  while (Date.now() < until) {
    try {
      const { status } = await ask(composition, authRoutes.serverInfo.path)
      if (status === 200) return
      last = String(status)
    } catch (error) {
      last = String(error)
    }
    await sleep(250)
  }
  throw new Error(`not up after ${UP_MS} ms: ${last}\n${(await composition.logs()).slice(-6000)}`)
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export async function ask(composition: Composition, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, composition.address), {
      rejectUnauthorized: false,
      timeout: 5_000,
      agent: false,
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('error', reject)
    sent.on('response', (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.end()
  })
}

/** The operator's file, as somebody would fill it in who tries it on one machine. */
export function settingsText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `BRIEFTAUBE_${name}=${value}\n`)
    .join('')
}
