/** Every kind of answer carries each security header once, and errors are the product's own. */
import { connect as connectHttp2 } from 'node:http2'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect as connectTls } from 'node:tls'
import { errorBodySchema, errorTable, limits, type ErrorCode } from '@brieftaube/protocol'
import { securityHeaders } from '@brieftaube/service-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getRequest, parseAnswer, sendRaw, type RawAnswer } from './raw-request.ts'
import { startStubServices, type StubServices } from './stub-services.ts'
import { certificate, certificateKey } from './test-certificate.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let services: StubServices
let front: TestGateway
let strict: TestGateway
let deserted: TestGateway
let encrypted: TestGateway
let folder: string
beforeAll(async () => {
  services = await startStubServices()
  // as the services do: nginx must not send them twice
  services.answer.headers = { ...securityHeaders({ https: true }), 'cache-control': 'no-store' }
  folder = await mkdtemp(path.join(tmpdir(), 'brieftaube-tls-'))
  const files = { certificate: path.join(folder, 'certificate.pem'), key: path.join(folder, 'key.pem') }
  await writeFile(files.certificate, certificate)
  await writeFile(files.key, certificateKey, { mode: 0o600 })
  const away = { upstreams: { auth: ['127.0.0.1:1'], chat: ['127.0.0.1:1'] } }
  front = await startTestGateway(services)
  strict = await startTestGateway({ ...services, limits: { requestBurst: 2, requestsPerSecond: 1 } })
  deserted = await startTestGateway(away)
  encrypted = await startTestGateway({
    ...services,
    tls: { kind: 'acme', ...files, challengeFolder: folder },
  })
})
afterAll(async () => {
  for (const each of [front, strict, deserted, encrypted]) await each[Symbol.asyncDispose]()
  await services[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

function expectHeaders({ headers }: RawAnswer, https = false): void {
  for (const [name, value] of Object.entries(securityHeaders({ https })))
    expect(headers.get(name), name).toEqual([value])
  if (!https) expect(headers.has('strict-transport-security')).toBe(false)
  expect(headers.get('server')).toEqual(['nginx'])
  expect(headers.get('cache-control')).toHaveLength(1)
}

function expectError(answer: RawAnswer, code: ErrorCode, status: number = errorTable[code].status): void {
  expect(answer.status).toBe(status)
  expect(errorBodySchema.parse(JSON.parse(answer.body))).toMatchObject({ code })
  expect(answer.headers.get('content-type')).toEqual(['application/json'])
  expect(answer.headers.get('cache-control')).toEqual(['no-store'])
  expect(answer.body).not.toMatch(/nginx|<html/)
}

const get = (target: string, headers: Record<string, string> = {}, gateway = front) =>
  sendRaw(gateway.gateway.httpPort, getRequest(target, headers))
const asset = '/assets/index-D_DYqNR5.js'
const verdict = async (status: number, ask: () => Promise<RawAnswer>): Promise<RawAnswer> => {
  services.verdict = status
  const answer = await ask()
  services.verdict = 204
  return answer
}
function post(target: string, body: string, length = body.length): string {
  return `POST ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n${body}`
}

describe('files', () => {
  test.each([
    ['/', 200, 'no-cache', 'text/html; charset=utf-8'],
    ['/invite/abc', 200, 'no-cache', 'text/html; charset=utf-8'],
    ['/@carla.b', 200, 'no-cache', 'text/html; charset=utf-8'],
    ['/service-worker.js', 200, 'no-cache', 'text/javascript; charset=utf-8'],
    ['/manifest.webmanifest', 200, 'no-cache', 'application/manifest+json'],
    [asset, 200, 'public, max-age=31536000, immutable', 'text/javascript; charset=utf-8'],
    ['/assets/app-BuoKLDEj.wasm', 200, 'public, max-age=31536000, immutable', 'application/wasm'],
  ])('%s', async (target, status, caching, type) => {
    const answer = await get(target)
    expectHeaders(answer)
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('content-type')]).toEqual([
      status,
      [caching],
      [type],
    ])
    expect(answer.headers.get('set-cookie')).toBeUndefined()
  })

  test.each(['/assets/gone-AAAAAAAA.js', '/assets/', '/assets', '/gone.js', '/index.php', '/.env.local'])(
    '%s is not there',
    async (target) => {
      const answer = await get(target)
      if (target === '/assets') return expect(answer.status).toBe(200)
      expectHeaders(answer)
      expectError(answer, 'not-found')
    },
  )

  test('what is known is not sent again, and stays known', async () => {
    const [etag = ''] = (await get(asset)).headers.get('etag') ?? []
    const again = await get(asset, { 'If-None-Match': etag })
    expectHeaders(again)
    expect([again.status, again.body]).toEqual([304, ''])
    expect(again.headers.get('cache-control')).toEqual(['public, max-age=31536000, immutable'])
  })

  test('text is compressed, and says that it depends on who asks', async () => {
    const answer = await get(asset, { 'Accept-Encoding': 'gzip' })
    expectHeaders(answer)
    expect(answer.headers.get('content-encoding')).toEqual(['gzip'])
    expect(answer.headers.get('vary')).toEqual(['Accept-Encoding'])
    expect(answer.body.length).toBeLessThan(500)
  })

  test('a part of a file is the whole of it', async () => {
    const answer = await get('/', { Range: 'bytes=0-3' })
    expect([answer.status, answer.headers.has('accept-ranges')]).toEqual([200, false])
  })

  test('nothing is written there', async () => {
    expectError(await sendRaw(front.gateway.httpPort, post('/', '')), 'method-not-allowed')
    expectError(await sendRaw(front.gateway.httpPort, post('/', 'x'.repeat(100))), 'too-large')
  })
})

describe('errors of the gateway’s own', () => {
  const big = `POST /api/auth/login/start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${limits.jsonBodyMaxBytes + 1}\r\n\r\n`
  const cases: [string, ErrorCode, () => Promise<RawAnswer>, number?][] = [
    ['another spelling', 'malformed', () => get('/a//b')],
    ['noise', 'malformed', () => sendRaw(front.gateway.httpPort, 'noise\r\n\r\n')],
    ['no host', 'malformed', () => sendRaw(front.gateway.httpPort, 'GET / HTTP/1.1\r\n\r\n')],
    ['a head that is too large', 'malformed', () => get('/', { 'X-A': 'b'.repeat(20_000) })],
    ['an address that is too long', 'malformed', () => get(`/${'b'.repeat(20_000)}`)],
    ['an unknown coding', 'malformed', () => get('/', { 'Transfer-Encoding': 'gzip' })],
    [
      'another method',
      'method-not-allowed',
      () => sendRaw(front.gateway.httpPort, 'TRACE / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'),
    ],
    ['another host', 'malformed', () => get('/', { Host: 'evil.example' }), 421],
    ['no token', 'unauthenticated', () => verdict(401, () => get('/api/chat/contacts'))],
    ['a refusal', 'forbidden', () => verdict(403, () => get('/api/chat/contacts'))],
    ['an auth service that fails', 'unavailable', () => verdict(500, () => get('/api/chat/contacts'))],
    ['nothing', 'not-found', () => get('/api/x')],
    ['a body that is too large', 'too-large', () => sendRaw(front.gateway.httpPort, big)],
    ['a plain request for the socket', 'malformed', () => get('/api/chat/socket/?EIO=4&transport=polling')],
    ['services that are away', 'unavailable', () => get('/api/auth/server', {}, deserted)],
    ['an auth service that is away', 'unavailable', () => get('/api/chat/contacts', {}, deserted)],
  ]
  test.each(cases)('%s: %s', async (_what, code, ask, status) => {
    const answer = await ask()
    expectHeaders(answer)
    expectError(answer, code, status)
    if (code === 'unauthenticated') expect(answer.headers.get('www-authenticate')).toEqual(['Bearer'])
    if (code === 'unavailable') expect(answer.headers.get('retry-after')).toEqual(['1'])
  })

  test('too many requests at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => get('/api/auth/server', {}, strict)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.length).toBeGreaterThanOrEqual(4)
    for (const answer of refused) {
      expectHeaders(answer)
      expectError(answer, 'rate-limited')
      expect(answer.headers.get('retry-after')).toEqual(['1'])
      expect(errorBodySchema.parse(JSON.parse(answer.body)).retryAfterMs).toBeGreaterThan(0)
    }
  })
})

describe('what a service says passes through', () => {
  test.each([200, 204, 400, 401, 404, 429, 500, 503])('%i', async (status) => {
    const before = services.answer
    const own = { ...before.headers, 'retry-after': '7', 'www-authenticate': 'Bearer', 'x-request-id': 'r' }
    services.answer = { status, headers: own, body: status === 204 ? '' : '{"code":"internal"}' }
    const answer = await get('/api/auth/server')
    services.answer = before
    expectHeaders(answer)
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([status, ['r']])
    expect(answer.headers.get('retry-after')).toEqual(['7'])
    expect(answer.headers.get('www-authenticate')).toEqual(['Bearer'])
    expect(answer.headers.get('cache-control')).toEqual(['no-store'])
    if (status !== 204) expect(answer.body).toContain('internal')
  })

  test('but not an order to nginx', async () => {
    const before = services.answer
    services.answer = { status: 200, headers: { 'x-accel-redirect': '/-/token' }, body: 'mine' }
    const answer = await get('/api/auth/server')
    services.answer = before
    expect([answer.status, answer.body.includes('mine')]).toEqual([200, true])
  })
})

describe('with TLS of its own', () => {
  const overTls = (bytes: string, servername = 'chat.example.org') =>
    new Promise<RawAnswer>((resolve, reject) => {
      let text = ''
      const options = { host: '127.0.0.1', port: encrypted.gateway.httpsPort, ca: certificate, servername }
      const socket = connectTls(options, () => socket.write(bytes))
      socket.on('data', (chunk) => (text += chunk.toString('latin1')))
      socket.on('error', reject)
      socket.on('close', () => resolve(parseAnswer(text)))
    })
  const named = (target: string, host = 'chat.example.org') => getRequest(target, { Host: host })

  test('every answer says that there is no way back to plain HTTP', async () => {
    for (const target of ['/', '/gone.js', '/a//b', '/api/auth/server']) {
      const answer = await overTls(named(target))
      expectHeaders(answer, true)
    }
  })

  test('another name gets no certificate, another host no page', async () => {
    await expect(overTls(named('/'), 'evil.example')).rejects.toThrow(/unrecognized name|alert/)
    const answer = await overTls(named('/', 'evil.example'))
    expectHeaders(answer, true)
    expect(answer.status).toBe(421)
  })

  test('plain HTTP leads to HTTPS, and what is wrong there is wrong here', async () => {
    const answer = await get('/invite/abc?x=1', { Host: 'chat.example.org' }, encrypted)
    expectHeaders(answer)
    expect([answer.status, answer.headers.get('location')]).toEqual([
      301,
      ['https://chat.example.org/invite/abc?x=1'],
    ])
    expectError(await get('/a//b', { Host: 'chat.example.org' }, encrypted), 'malformed')
    expectError(await get('/', { Host: 'evil.example' }, encrypted), 'malformed', 421)
    expectError(await sendRaw(encrypted.gateway.httpsPort, named('/')), 'malformed')
  })

  test('a challenge of the certificate’s issuer is answered over plain HTTP', async () => {
    await mkdir(path.join(folder, '.well-known/acme-challenge'), { recursive: true })
    await writeFile(path.join(folder, '.well-known/acme-challenge/token-1_A'), 'proof')
    const target = '/.well-known/acme-challenge/token-1_A'
    const answer = await get(target, { Host: 'chat.example.org' }, encrypted)
    expect([answer.status, answer.body]).toEqual([200, 'proof'])
    expect(
      (await get('/.well-known/acme-challenge/none', { Host: 'chat.example.org' }, encrypted)).status,
    ).toBe(404)
  })

  test('HTTP/2 is spoken, TLS 1.1 is not', async () => {
    const session = connectHttp2('https://chat.example.org', {
      ca: certificate,
      host: '127.0.0.1',
      port: encrypted.gateway.httpsPort,
      servername: 'chat.example.org',
    })
    const stream = session.request({ ':path': asset })
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      stream.on('response', resolve)
      session.on('error', reject)
    })
    session.destroy()
    expect(headers).toMatchObject({ ':status': 200, ...securityHeaders({ https: true }) })
    const old = connectTls({
      host: '127.0.0.1',
      port: encrypted.gateway.httpsPort,
      servername: 'chat.example.org',
      ca: certificate,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
    })
    const outcome = await new Promise<string>((resolve) => {
      old.on('secureConnect', () => resolve('spoken'))
      old.on('error', () => resolve('refused'))
    })
    old.destroy()
    expect(outcome).toBe('refused')
  })
})
