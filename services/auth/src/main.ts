/** The auth service as a process of its own. */
import { createServer } from 'node:http'
import {
  closeServer,
  createLog,
  errorHandler,
  listen,
  notFound,
  runMain,
  startRedisCache,
} from '@brieftaube/service-kit'
import express from 'express'
import { readAuthConfig } from './read-auth-config.ts'
import { startAuth } from './start-auth.ts'

await runMain(async () => {
  const { auth, port, host, logLevel, redisUrl } = await readAuthConfig(process.env)
  const log = createLog({ service: 'auth', level: logLevel })
  const cache = redisUrl === undefined ? undefined : await startRedisCache({ url: redisUrl, log })
  const service = await startAuth(auth, { cache, log })
  const app = express().disable('x-powered-by').disable('etag')
  app.use(service.operationsRouter, service.router, service.internalRouter, notFound, errorHandler(log))
  const server = createServer(app)
  log.info('ready', { port: await listen(server, port, host) })
  const close = async () => {
    await closeServer(server)
    await service.close()
    await cache?.[Symbol.asyncDispose]()
  }
  return { close }
})
