/** One path has one spelling; everything else gets 400 before it reaches a service or a file. */
import { errorBodySchema, socketPath } from '@brieftaube/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getRequest, sendRaw } from './raw-request.ts'
import { startStubServices, type StubServices } from './stub-services.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let services: StubServices
let front: TestGateway
beforeAll(async () => {
  services = await startStubServices()
  front = await startTestGateway(services)
})
afterAll(async () => {
  await front[Symbol.asyncDispose]()
  await services[Symbol.asyncDispose]()
})

const send = (bytes: string) => sendRaw(front.gateway.httpPort, bytes)

const odd = [
  '/api/chat/..%2fauth/devices',
  '/api/chat/..%2Fauth/devices',
  '/api/chat/%2e%2e/auth/devices',
  '/api/chat/../auth/devices',
  '/api/chat/./sync',
  '/api/chat/.',
  '/api/chat/..',
  '/api//chat/sync',
  '//api/chat/sync',
  '/api/chat/sync;x=1',
  '/api/chat;/sync',
  '/api\\chat\\sync',
  '/api/chat\\..\\auth',
  '/api/chat/sync%00',
  '/api/chat/%73ync',
  '/%61pi/auth/server',
  '/api/auth/server%3fx',
  '/api/auth/server%23',
  '/api/auth/server%0d%0aX-Evil:1',
  '/api/auth/server#fragment',
  '/api/auth/server?a=%00\x01',
  '/api/auth/s\u00fcrver',
  '/api/auth/server|x',
  '/api/auth/server"',
  "/api/auth/server'",
  '/api/auth/<server>',
  '/api/auth/{server}',
  '/api/auth/server^',
  '/api/auth/server~',
  '/api/auth/server*',
  '/api/auth/$server',
  '/assets/../index.html',
  '/assets/..%2findex.html',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..',
  '/.',
  '/index.html%00.js',
  `/api/auth/${'a'.repeat(3000)}`,
  '?x',
  '*',
  'api/auth/server',
]

test.each(odd)('%s', async (target) => {
  const answer = await send(getRequest(target))
  expect(answer.status).toBe(400)
  expect(errorBodySchema.parse(JSON.parse(answer.body))).toMatchObject({ code: 'malformed' })
  expect(services.seen).toEqual([])
})

test.each(['/', '/invite/AbC-123_x', '/@carla.b', '/chats/AAAA', '/settings/'])(
  '%s is a path',
  async (target) => {
    expect((await send(getRequest(target))).status).toBe(200)
  },
)

test('a query reaches the service as it is', async () => {
  await send(getRequest('/api/chat/conversations/AA/log?after=7&x=%2f..;', { authorization: 'Bearer x' }))
  expect(services.seen.pop()).toMatchObject({ url: '/api/chat/conversations/AA/log?after=7&x=%2f..;' })
})

describe('other forms of a request', () => {
  test.each([
    ['absolute form', 'GET http://127.0.0.1/api/auth/server HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['absolute form of another host', 'GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['absolute form with a path in the host', 'GET http://127.0.0.1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['a tunnel', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n'],
    ['the asterisk', 'OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['a target with a blank', 'GET /a b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['no version', 'GET /\r\n\r\n'],
    ['version 0.9 by name', 'GET / HTTP/0.9\r\nHost: 127.0.0.1\r\n\r\n'],
    ['version 2.0 in plain text', 'GET / HTTP/2.0\r\nHost: 127.0.0.1\r\n\r\n'],
    ['version 1.9', 'GET / HTTP/1.9\r\nHost: 127.0.0.1\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
    ['two hosts', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['a host with a path', 'GET / HTTP/1.1\r\nHost: 127.0.0.1/x\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['noise', '\x00\x01\x02\x03\r\n\r\n'],
  ])('%s is refused', async (_what, bytes) => {
    const before = services.seen.length
    const { status, text } = await send(bytes)
    expect(text === '' ? 'closed' : status).toSatisfy((said) =>
      ['closed', 0, 400, 405, 421].includes(said as never),
    )
    expect(text).not.toContain('<!doctype html>')
    expect(services.seen).toHaveLength(before)
  })

  test.each(['TRACE', 'OPTIONS', 'PROPFIND', 'LOCK', 'MKCOL', 'COPY', 'TRACK', 'FOO', 'get'])(
    'the method %s is refused',
    async (method) => {
      for (const target of ['/', '/api/auth/server', `${socketPath}/`]) {
        const { status } = await send(getRequest(target).replace('GET', method))
        expect([400, 405]).toContain(status)
      }
      expect(services.seen).toEqual([])
    },
  )

  test.each(['evil.example', 'localhost', '127.0.0.1.evil.example', 'chat.example.org.', '[::1]'])(
    'the host %s is not ours',
    async (host) => {
      const answer = await send(getRequest('/api/auth/server', { Host: host }))
      // nginx leaves the dot at the end away
      if (host.endsWith('.')) expect(answer.status).toBe(200)
      else expect([answer.status, JSON.parse(answer.body)]).toMatchObject([421, { code: 'malformed' }])
      services.seen.length = 0
    },
  )
})

test.each(['/internal/auth/revocations?after=0', '/internal/gateway/token', '/-/token', '/-/ticket'])(
  '%s is not to be had from outside',
  async (target) => {
    const checks = services.checks.length
    expect((await send(getRequest(target))).status).toBe(404)
    expect([services.seen.length, services.checks.length]).toEqual([0, checks])
  },
)

test.each(['/livez', '/readyz', '/metrics', '/metrics/', '/api', '/api/', '/api/other/x', '/internal'])(
  '%s is not here',
  async (target) => {
    const answer = await send(getRequest(target))
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([404, { code: 'not-found' }])
  },
)
