/** The chat service as a process of its own. */
import { createServer } from 'node:http'
import {
  closeServer,
  createLog,
  errorHandler,
  listen,
  notFound,
  runMain,
  startMemoryCache,
  startRedisCache,
  trackRequests,
} from '@brieftaube/service-kit'
import express from 'express'
import { createAuthClient } from './auth-client.ts'
import { readChatConfig } from './read-chat-config.ts'
import { startChat } from './start-chat.ts'

await runMain(async () => {
  const { chat, port, host, logLevel, redisUrl, authUrl, internalSecret } = await readChatConfig(process.env)
  const log = createLog({ service: 'chat', level: logLevel })
  const cache = redisUrl === undefined ? startMemoryCache() : await startRedisCache({ url: redisUrl, log })
  const service = await startChat(chat, { cache, log, ...createAuthClient({ url: authUrl, internalSecret }) })
  const app = express().disable('x-powered-by').disable('etag')
  app.use(service.operationsRouter, service.router, notFound, errorHandler(log))
  const server = createServer(app)
  const requests = trackRequests(server)
  service.attach(server)
  log.info('ready', { port: await listen(server, port, host) })
  const close = async () => {
    // new calls go to other processes from here on; what is asked already needs the service once more
    await requests.finish()
    await service.close()
    await closeServer(server)
    await cache[Symbol.asyncDispose]()
  }
  return { close }
})
