/** The chat service alone in a process, on embedded PostgreSQL, for measurements. Speaks to its parent by messages. */
import { createServer } from 'node:http'
import { startChat } from '@brieftaube/chat'
import express from 'express'
import { rates, type Rate, type RateName } from '@brieftaube/protocol'
import {
  createLog,
  listen,
  startMemoryCache,
  type KeySet,
  type ServiceDatabase,
} from '@brieftaube/service-kit'

export interface ChatProcessOptions {
  readonly database: ServiceDatabase
  readonly jwks: KeySet
  readonly origin: string
  readonly lanes: number
}

const unlimited = Object.fromEntries(
  Object.keys(rates).map((name) => [name, { burst: 1e9, refillMs: 1, whenUncounted: 'local' }]),
) as unknown as Record<RateName, Rate>

process.once('message', (options: ChatProcessOptions) => {
  void start(options)
})

async function start({ database, jwks, origin, lanes }: ChatProcessOptions): Promise<void> {
  const config = {
    database,
    origins: [origin],
    https: false,
    proxies: 0,
    poolSize: 4,
    lanes,
    rates: unlimited,
  }
  const chat = await startChat(config, {
    cache: startMemoryCache(),
    log: createLog({ service: 'chat', level: 'warn' }),
    jwks: async () => jwks,
    revocations: async () => [],
  })
  const server = createServer(express().use(chat.router))
  chat.attach(server)
  const port = await listen(server, 0, '127.0.0.1')
  process.send?.({ port })
  process.on('message', (request) => {
    if (request === 'memory') {
      globalThis.gc?.()
      setTimeout(() => process.send?.({ memory: process.memoryUsage(), sockets: chat.socketCount }), 200)
    }
    if (request === 'close') void chat.close().then(() => process.exit(0))
  })
}
