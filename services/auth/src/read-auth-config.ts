/** Environment and secret files → configuration of the auth service that runs alone. */
import { readFile } from 'node:fs/promises'
import { deepFreeze, readConfig, settings } from '@brieftaube/service-kit'
import { z } from 'zod'
import type { AuthConfig } from './config.ts'
import { loadAuthSecrets } from './secrets.ts'

const shape = {
  PORT: settings.port.default(8081),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: settings.logLevel.default('info'),
  /** Files with connection URLs, because URLs hold passwords. */
  DATABASE_OWNER_URL_FILE: z.string(),
  DATABASE_URL_FILE: z.string(),
  REDIS_URL_FILE: z.string().optional(),
  SECRETS: z.string(),
  SERVER_NAME: z.string().min(1).max(64).default('Brieftaube'),
  VERSION: z.string().optional(),
  REGISTRATION: z.enum(['open', 'invite-only']).default('invite-only'),
  ORIGINS: settings.origins,
  PROXIES: z.coerce.number().int().min(0).max(3).default(0),
}

export interface AuthProcess {
  readonly auth: AuthConfig
  readonly port: number
  readonly host: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly redisUrl: string | undefined
}

/** Throws `ConfigError`. */
export async function readAuthConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<AuthProcess> {
  const config = readConfig(environment, shape)
  const auth: AuthConfig = {
    database: {
      ownerUrl: await readUrl(config.DATABASE_OWNER_URL_FILE),
      appUrl: await readUrl(config.DATABASE_URL_FILE),
    },
    serverName: config.SERVER_NAME,
    version: config.VERSION ?? (await ownVersion()),
    registration: config.REGISTRATION,
    origins: config.ORIGINS,
    https: config.ORIGINS.every((origin) => origin.startsWith('https:')),
    proxies: config.PROXIES,
    secrets: await loadAuthSecrets(config.SECRETS),
    poolSize: 8,
  }
  const redisUrl = config.REDIS_URL_FILE === undefined ? undefined : await readUrl(config.REDIS_URL_FILE)
  return deepFreeze({ auth, port: config.PORT, host: config.HOST, logLevel: config.LOG_LEVEL, redisUrl })
}

/** As in the package that this is part of. */
async function ownVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  return z.object({ version: z.string() }).parse(manifest).version
}

async function readUrl(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim()
}
