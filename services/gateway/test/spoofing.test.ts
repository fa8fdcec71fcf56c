/** No header of a client's invention reaches a service, on any route. */
import {
  authRoutes,
  chatRoutes,
  gatewayAccessHeader,
  gatewayTokenPath,
  internalSecretHeader,
  logHeader,
  socketPath,
  socketProtocols,
  socketQuery,
  type Route,
} from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sendRaw } from './raw-request.ts'
import { startStubServices, type Seen, type StubServices } from './stub-services.ts'
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

const invented = [
  internalSecretHeader,
  gatewayAccessHeader,
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Proto',
  'X-Forwarded-Prefix',
  'X-Real-IP',
  'Forwarded',
  'Via',
  'True-Client-IP',
  'CF-Connecting-IP',
  'X-Client-IP',
  'X-Account-Id',
  'X-User',
  'X-User-Id',
  'X-Auth-Request-User',
  'X-Remote-User',
  'Remote-User',
  'X-Brieftaube-Account',
  'X-Brieftaube-Device',
  'X-Original-URL',
  'X-Rewrite-URL',
  'X-Original-Method',
  'X-HTTP-Method-Override',
  'X-Accel-Redirect',
  'X-Request-Id',
  'Proxy',
  'TE',
  'Trailer',
  'X_Forwarded_For',
]

/** All that a service may be sent. */
const passed = new Set([
  'host',
  'x-forwarded-for',
  'connection',
  'content-length',
  'content-type',
  'content-encoding',
  'authorization',
  'origin',
  'cookie',
  logHeader,
])
const passedToChecks = new Set([...passed, gatewayAccessHeader, 'sec-websocket-protocol'])
const passedToSockets = new Set([
  ...passed,
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
])

const routes = [...Object.values<Route>(authRoutes), ...Object.values<Route>(chatRoutes)]

function judge({ headers, rawHeaders }: Seen, allowed: ReadonlySet<string>): void {
  expect(Object.keys(headers).filter((name) => !allowed.has(name))).toEqual([])
  expect(rawHeaders.join('\n')).not.toContain('spoofed')
  expect(headers).toMatchObject({ host: 'chat.example.org', 'x-forwarded-for': '127.0.0.1' })
}

function request(route: Route, more: readonly string[]): string {
  const body = route.requestForm === 'none' ? '' : '{}'
  const lines = [
    `${route.method} ${route.path.replace(/:[a-z]+/g, 'AAAAAAAAAAAAAAAAAAAAAA')} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Authorization: Bearer token',
    ...invented.map((name) => `${name}: spoofed`),
    ...(body === '' ? [] : ['Content-Type: application/json', 'Content-Length: 2']),
    ...more,
    'Connection: close',
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body}`
}

test.each(routes)('$method $path', async (route) => {
  services.seen.length = 0
  services.checks.length = 0
  const { status } = await sendRaw(front.gateway.httpPort, request(route, []))
  expect(status).toBe(200)
  const [seen] = services.seen
  if (seen === undefined) throw new Error('did not arrive')
  judge(seen, passed)
  expect(seen.headers.authorization).toBe('Bearer token')
  expect(services.checks).toHaveLength(route.access === 'public' ? 0 : 1)
  for (const check of services.checks) {
    judge(check, passedToChecks)
    expect(check).toMatchObject({ url: gatewayTokenPath, method: 'GET', body: '' })
    const asked = route.access === 'enrolment' ? 'enrolment' : 'session'
    expect(check.headers[gatewayAccessHeader]).toBe(asked)
  }
})

test('a header named by Connection is not taken away from what the service needs', async () => {
  services.seen.length = 0
  const [route] = routes
  if (route === undefined) throw new Error('route')
  const bytes = request(route, []).replace(
    'Connection: close',
    'Connection: close, authorization, x-forwarded-for',
  )
  await sendRaw(front.gateway.httpPort, bytes)
  expect(services.seen[0]?.headers).toMatchObject({
    authorization: 'Bearer token',
    'x-forwarded-for': '127.0.0.1',
  })
})

test('the socket', async () => {
  services.seen.length = 0
  services.checks.length = 0
  const lines = [
    `GET ${socketPath}/?${socketQuery} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    'Sec-WebSocket-Extensions: permessage-deflate',
    `Sec-WebSocket-Protocol: ${socketProtocols('abc').join(', ')}`,
    ...invented.map((name) => `${name}: spoofed`),
  ]
  // the stand-in answers an upgrade as an ordinary request
  await sendRaw(front.gateway.httpPort, `${lines.join('\r\n')}\r\n\r\n`)
  const [seen] = services.seen
  const [check] = services.checks
  if (seen === undefined || check === undefined) throw new Error('did not arrive')
  judge(seen, passedToSockets)
  judge(check, passedToChecks)
  expect(check.headers['sec-websocket-protocol']).toBe('brieftaube, ticket.abc')
})

test('the address is the connection’s, and a trusted proxy’s word where there is one', async () => {
  const behind = await startTestGateway({ ...services, tls: { kind: 'proxy', trusted: ['127.0.0.1'] } })
  const address = async (given: string) => {
    services.seen.length = 0
    const bytes = `GET /api/auth/server HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${given}\r\n\r\n`
    await sendRaw(behind.gateway.httpPort, bytes)
    return services.seen[0]?.headers['x-forwarded-for']
  }
  // what the visitor wrote stands before what the proxy added
  expect(await address('X-Forwarded-For: 6.6.6.6, 203.0.113.9')).toBe('203.0.113.9')
  expect(await address('X-Forwarded-For: nonsense')).toBe('127.0.0.1')
  expect(await address('X-Real-IP: 6.6.6.6')).toBe('127.0.0.1')
  await behind[Symbol.asyncDispose]()
})
