/** The real service on real PostgreSQL, with tokens of the test's own signing key. */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import {
  tokenIssuer,
  tokenTypes,
  type AccountId,
  type DeviceId,
  type Rate,
  type RateName,
  type Revocation,
} from '@brieftaube/protocol'
import { rates } from '@brieftaube/protocol'
import {
  closeServer,
  createLog,
  errorHandler,
  listen,
  notFound,
  openPool,
  silentLog,
  startMemoryCache,
  startTestDatabase,
  type Cache,
  type Pool,
  type TestDatabase,
} from '@brieftaube/service-kit'
import express from 'express'
import { startChat, type ChatService } from '../src/index.ts'

export const origin = 'https://chat.example.org'
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'test' }] }

export const signingKey = {
  kid: 'test',
  jwk: privateKey.export({ format: 'jwk' }) as { x: string; d: string },
}

export const generous = Object.fromEntries(
  Object.keys(rates).map((name) => [name, { burst: 1_000_000, refillMs: 1, whenUncounted: 'local' }]),
) as unknown as Record<RateName, Rate>

export interface TestChat {
  readonly chat: ChatService
  readonly port: number
  readonly url: string
  /** A pool of the schema's owner, to look behind the scenes. */
  readonly owner: Pool
  readonly database: TestDatabase
  /** Appends to the revocation feed; the service acts on it when it polls. */
  revoke(row: Omit<Revocation, 'id'>): void
  close(): Promise<void>
}

export interface TestChatOptions {
  readonly rates?: Record<RateName, Rate> | undefined
  readonly cache?: Cache | undefined
  readonly database?: TestDatabase | undefined
  readonly lanes?: number | undefined
  /** As after a restore. */
  readonly restored?: boolean | undefined
}

export async function startTestChat(options: TestChatOptions = {}): Promise<TestChat> {
  const database = options.database ?? (await startTestDatabase())
  const cache = options.cache ?? startMemoryCache()
  const feed: Revocation[] = []
  const log =
    process.env['CHAT_TEST_LOG'] === undefined ? silentLog() : createLog({ service: 'chat', level: 'warn' })
  const chat = await startChat(
    {
      database: database.chat,
      origins: [origin],
      https: true,
      proxies: 0,
      poolSize: 4,
      lanes: options.lanes ?? 2,
      restored: options.restored,
      rates: options.rates ?? generous,
    },
    {
      cache,
      log,
      jwks: async () => jwks,
      revocations: async (after) => feed.filter((row) => row.id > after),
    },
  )
  const app = express()
  app.use(chat.router, notFound, errorHandler(silentLog()))
  const server = createServer(app)
  chat.attach(server)
  const port = await listen(server, 0, '127.0.0.1')
  const owner = openPool({ ...database.chat, appUrl: database.chat.ownerUrl }, { schema: 'chat', max: 1 })
  const close = async (): Promise<void> => {
    await chat.close()
    await closeServer(server, 100)
    await owner.end()
    if (options.cache === undefined) await cache[Symbol.asyncDispose]()
    if (options.database === undefined) await database[Symbol.asyncDispose]()
  }
  const revoke = (row: Omit<Revocation, 'id'>): void => void feed.push({ ...row, id: feed.length + 1 })
  return { chat, port, url: `http://127.0.0.1:${port}`, owner, database, revoke, close }
}

export interface Who {
  readonly account: AccountId
  readonly device: DeviceId
}

function signed(typ: string, claims: object): string {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg: 'EdDSA', typ, kid: 'test' })}.${encode(claims)}`
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`
}

export function accessToken({ account, device }: Who): string {
  const iat = Math.floor(Date.now() / 1000)
  const { typ, audience } = tokenTypes.access
  return signed(typ, {
    iss: tokenIssuer,
    aud: audience,
    sub: account,
    iat,
    exp: iat + 600,
    device,
    role: 'user',
    session: 'test',
  })
}

export function ticket({ account, device }: Who, changes: Record<string, unknown> = {}): string {
  const iat = Math.floor(Date.now() / 1000)
  const { typ, audience } = tokenTypes.ticket
  const claims = {
    iss: tokenIssuer,
    aud: audience,
    sub: account,
    iat,
    exp: iat + 30,
    device,
    session: 'test',
    jti: randomUUID(),
    until: Date.now() + 600_000,
  }
  return signed(typ, { ...claims, ...changes })
}
