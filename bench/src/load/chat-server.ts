/** The process under test: the real chat service on a port of its own. Only its limits per device are lifted, since one machine plays thousands of people. */
import { createServer } from 'node:http'
import express from 'express'
import { startChat } from '@brieftaube/chat'
import { rates, type Rate, type RateName } from '@brieftaube/protocol'
import {
  createLog,
  listen,
  startMemoryCache,
  type KeySet,
  type ServiceDatabase,
} from '@brieftaube/service-kit'

export interface ChatServerConfiguration {
  readonly database: ServiceDatabase
  readonly origin: string
  readonly jwks: KeySet
  readonly lanes: number
}

const unlimited = Object.fromEntries(
  Object.entries(rates).map(([name, rate]) => [name, { ...rate, burst: 1_000_000, refillMs: 0.001 }]),
) as Record<RateName, Rate>

async function start({ database, origin, jwks, lanes }: ChatServerConfiguration): Promise<void> {
  const chat = await startChat(
    { database, origins: [origin], https: false, proxies: 0, poolSize: 8, lanes, rates: unlimited },
    {
      cache: startMemoryCache(),
      log: createLog({ service: 'chat', level: 'warn' }),
      jwks: () => Promise.resolve(jwks),
      revocations: () => Promise.resolve([]),
    },
  )
  const server = createServer(express().use(chat.router))
  chat.attach(server)
  const port = await listen(server, 0, '127.0.0.1')
  process.on('message', () => {
    globalThis.gc?.()
    process.send?.({ ...process.memoryUsage(), sockets: chat.socketCount })
  })
  process.on('disconnect', () => void chat.close().finally(() => process.exit(0)))
  process.send?.({ port })
}

process.once('message', (configuration) => void start(configuration as ChatServerConfiguration))
