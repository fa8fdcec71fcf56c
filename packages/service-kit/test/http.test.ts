/** The binding of routes to handlers, on routes of its own. */
import { createServer } from 'node:http'
import { defineRoute, ProtocolError, rates } from '@brieftaube/protocol'
import {
  closeServer,
  createApiRouter,
  createLog,
  createRateLimiter,
  createTokenVerifier,
  errorHandler,
  listen,
  mountRoutes,
  notFound,
  startMemoryCache,
  type Handlers,
} from '@brieftaube/service-kit'
import express from 'express'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'

const routes = {
  echo: defineRoute({
    name: 'echo',
    method: 'POST',
    path: '/api/test/echo',
    access: 'public',
    summary: 'Gives back what it gets.',
    request: z.looseObject({}),
    reply: z.looseObject({}),
  }),
  leak: defineRoute({
    name: 'leak',
    method: 'GET',
    path: '/api/test/leak',
    access: 'public',
    summary: 'Answers with more than its schema says.',
    reply: z.strictObject({ name: z.string() }),
  }),
  fail: defineRoute({
    name: 'fail',
    method: 'GET',
    path: '/api/test/fail/:how',
    access: 'public',
    summary: 'Fails.',
  }),
  bytes: defineRoute({
    name: 'bytes',
    method: 'PUT',
    path: '/api/test/bytes',
    access: 'public',
    summary: 'Gives back bytes, and the network.',
    requestForm: 'bytes',
    replyForm: 'bytes',
    maxRequestBytes: 100,
  }),
  query: defineRoute({
    name: 'query',
    method: 'GET',
    path: '/api/test/query',
    access: 'public',
    summary: 'Gives back its query.',
    reply: z.looseObject({}),
  }),
}

const failures: Record<string, unknown> = {
  known: new ProtocolError('stale-epoch', 'Behind.', { head: { generation: 1, epoch: 2, seq: 3 } }),
  limited: new ProtocolError('rate-limited', 'Slowly.', { retryAfterMs: 1500 }),
  unknown: new Error('the canary sat in row 17'),
  database: Object.assign(new Error('terminating connection'), { code: '57P01' }),
  refused: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
}

const handlers: Handlers<typeof routes, object> = {
  echo: ({ body }) => body,
  leak: () => ({ name: 'alice', password: 'hunter2' }),
  fail: ({ params }) => {
    throw failures[params.how]
  },
  bytes: ({ bytes, network, setHeader }) => {
    setHeader('x-network', network)
    return { bytes }
  },
  query: ({ query }) => query,
}

const logged: string[] = []
const cache = startMemoryCache()
let url: string
let close: () => Promise<void>
beforeAll(async () => {
  const log = createLog({ service: 'test', destination: { write: (line) => void logged.push(line) } })
  const router = createApiRouter()
  const tokens = createTokenVerifier({ jwks: () => Promise.resolve({ keys: [] }) })
  const http = {
    log,
    limiter: createRateLimiter(cache, rates),
    tokens,
    origins: [],
    https: false,
    proxies: 1,
  }
  mountRoutes(router, '/api/test', { routes, handlers, deps: {}, http, options: { queryRoutes: ['query'] } })
  const server = createServer(express().use(router, notFound, errorHandler(log)))
  url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`
  close = () => closeServer(server, 0)
})
afterAll(() => close())

const post = (body: string) =>
  fetch(`${url}/api/test/echo`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })

test('keys that reach prototypes are refused even where a schema would let them through', async () => {
  expect(await (await post('{"a":{"b":1}}')).json()).toEqual({ a: { b: 1 } })
  for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__']) {
    expect((await post(`{"a":{"${key}":1}}`)).status).toBe(400)
  }
})

test('a reply that holds more than its schema does not leave the server', async () => {
  const reply = await fetch(`${url}/api/test/leak`)
  expect(reply.status).toBe(500)
  expect(await reply.text()).not.toContain('hunter2')
})

test.each([
  ['known', 409, { code: 'stale-epoch', message: 'Behind.', head: { generation: 1, epoch: 2, seq: 3 } }],
  ['limited', 429, { code: 'rate-limited', message: 'Slowly.', retryAfterMs: 1500 }],
  ['unknown', 500, { code: 'internal', message: expect.any(String), requestId: expect.any(String) }],
  ['database', 503, { code: 'unavailable', message: expect.any(String), requestId: expect.any(String) }],
  ['refused', 503, { code: 'unavailable', message: expect.any(String), requestId: expect.any(String) }],
])('what is thrown becomes a public error: %s', async (how, status, body) => {
  const reply = await fetch(`${url}/api/test/fail/${how}`)
  expect([reply.status, await reply.json()]).toEqual([status, body])
})

test('the cause of an internal error stands in the log under the request’s id, and only there', async () => {
  const reply = await fetch(`${url}/api/test/fail/unknown`)
  const { requestId, message } = (await reply.json()) as { requestId: string; message: string }
  expect(reply.headers.get('x-request-id')).toBe(requestId)
  expect(message).not.toContain('canary')
  expect(logged.find((line) => line.includes(requestId))).toContain('the canary sat in row 17')
})

test('bytes go through as they are, up to their limit', async () => {
  const put = (size: number, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/test/bytes`, {
      method: 'PUT',
      body: new Uint8Array(size).fill(200),
      headers: { 'content-type': 'application/octet-stream', ...headers },
    })
  const reply = await put(100)
  expect(new Uint8Array(await reply.arrayBuffer())).toEqual(new Uint8Array(100).fill(200))
  expect(reply.headers.get('content-type')).toBe('application/octet-stream')
  expect((await put(101)).status).toBe(413)
})

test('only the address that our own proxy appended counts', async () => {
  const reply = await fetch(`${url}/api/test/bytes`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'x-forwarded-for': '1.2.3.4, 203.0.113.9' },
  })
  expect(reply.headers.get('x-network')).toBe('203.0.113.9')
})

test('a query has each name once', async () => {
  expect(await (await fetch(`${url}/api/test/query?after=1&limit=2`)).json()).toEqual({
    after: '1',
    limit: '2',
  })
  expect((await fetch(`${url}/api/test/query?after=1&after=2`)).status).toBe(400)
  expect((await fetch(`${url}/api/test/query?__proto__=1`)).status).toBe(400)
})
