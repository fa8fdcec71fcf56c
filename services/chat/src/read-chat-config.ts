/** Environment and secret files → configuration of the chat service that runs alone. */
import { readFile } from 'node:fs/promises'
import { deepFreeze, readConfig, settings } from '@brieftaube/service-kit'
import { z } from 'zod'
import type { ChatConfig } from './config.ts'

const shape = {
  PORT: settings.port.default(8082),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: settings.logLevel.default('info'),
  /** Files with connection URLs, because URLs hold passwords. */
  DATABASE_OWNER_URL_FILE: z.string(),
  DATABASE_URL_FILE: z.string(),
  REDIS_URL_FILE: z.string().optional(),
  /** Where the auth service listens inside the private network. */
  AUTH_URL: z.url().default('http://127.0.0.1:8081'),
  INTERNAL_SECRET_FILE: z.string(),
  ORIGINS: settings.origins,
  PROXIES: z.coerce.number().int().min(0).max(3).default(0),
  LANES: z.coerce.number().int().min(1).max(16).default(2),
}

export interface ChatProcess {
  readonly chat: ChatConfig
  readonly port: number
  readonly host: string
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  readonly redisUrl: string | undefined
  readonly authUrl: string
  readonly internalSecret: string
}

/** Throws `ConfigError`. */
export async function readChatConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ChatProcess> {
  const config = readConfig(environment, shape)
  const chat: ChatConfig = {
    database: {
      ownerUrl: await readLine(config.DATABASE_OWNER_URL_FILE),
      appUrl: await readLine(config.DATABASE_URL_FILE),
    },
    origins: config.ORIGINS,
    https: config.ORIGINS.every((origin) => origin.startsWith('https:')),
    proxies: config.PROXIES,
    poolSize: 8,
    lanes: config.LANES,
  }
  return deepFreeze({
    chat,
    port: config.PORT,
    host: config.HOST,
    logLevel: config.LOG_LEVEL,
    redisUrl: config.REDIS_URL_FILE === undefined ? undefined : await readLine(config.REDIS_URL_FILE),
    authUrl: config.AUTH_URL,
    internalSecret: await readLine(config.INTERNAL_SECRET_FILE),
  })
}

async function readLine(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim()
}
