/** What an orchestrator asks: is the process alive, and may it get work. */
import { createServer } from 'node:http'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { closeServer, createHealth, createHealthRouter, listen } from '@brieftaube/service-kit'

let database: () => Promise<unknown> = () => Promise.resolve()
let cacheIsReady = true
let isStopping = false
const health = createHealth({
  database: () => database(),
  cache: { isReady: () => cacheIsReady },
  isStopping: () => isStopping,
})
const server = createServer(express().use(createHealthRouter(health)))
let url = ''

beforeAll(async () => {
  url = `http://127.0.0.1:${String(await listen(server, 0, '127.0.0.1'))}`
})
afterAll(() => closeServer(server, 0))

async function ask(path: string): Promise<{ status: number; body: unknown }> {
  // beyond the time for which an answer of the database is remembered
  await new Promise((resolve) => setTimeout(resolve, 600))
  const response = await fetch(url + path)
  return { status: response.status, body: await response.json() }
}

test('a service whose parts answer is ready', async () => {
  expect(await ask('/readyz')).toEqual({
    status: 200,
    body: { status: 'ready', database: 'up', cache: 'up' },
  })
})

test('without the cache it is degraded and still gets work', async () => {
  cacheIsReady = false
  expect(await ask('/readyz')).toEqual({
    status: 200,
    body: { status: 'degraded', database: 'up', cache: 'away' },
  })
  cacheIsReady = true
})

test('without the database it is alive and gets no work', async () => {
  database = () => Promise.reject(new Error('connection refused'))
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { status: 'unready', database: 'away' } })
  expect(await ask('/livez')).toEqual({ status: 200, body: { status: 'alive' } })
})

test('a database that never answers counts as away', async () => {
  database = () => new Promise(() => undefined)
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { database: 'away' } })
  database = () => Promise.resolve()
})

test('a service that is stopping gets no new work', async () => {
  isStopping = true
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { status: 'stopping' } })
  isStopping = false
})
