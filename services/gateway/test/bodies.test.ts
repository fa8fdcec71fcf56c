/** Bodies as large as their route takes, and no larger; nothing of a refused one reaches a service. */
import { authRoutes, chatRoutes, limits, type Route } from '@brieftaube/protocol'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sendRaw } from './raw-request.ts'
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
beforeEach(() => {
  services.seen.length = 0
  services.checks.length = 0
})

const routes = [...Object.values<Route>(authRoutes), ...Object.values<Route>(chatRoutes)]
const writing = routes.filter(({ requestForm }) => requestForm !== 'none')
const mostOf = (route: Route) => Math.max(route.maxRequestBytes ?? 0, limits.jsonBodyMaxBytes)

function send(route: Route, lines: readonly string[], body = '') {
  const target = route.path.replace(/:[a-z]+/g, 'AAAAAAAAAAAAAAAAAAAAAA')
  const head = [
    `${route.method} ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    'Authorization: Bearer x',
  ]
  return sendRaw(front.gateway.httpPort, [...head, ...lines, '', body].join('\r\n'), {
    quietMs: 5000,
    first: true,
  })
}

test.each(writing)('$method $path', async (route) => {
  const most = mostOf(route)
  const taken = await send(route, [`Content-Length: ${most}`], 'x'.repeat(most))
  expect([taken.status, services.seen[0]?.body.length]).toEqual([200, most])
  services.seen.length = 0
  services.checks.length = 0
  const refused = await send(route, [`Content-Length: ${most + 1}`])
  expect([refused.status, JSON.parse(refused.body)]).toMatchObject([413, { code: 'too-large' }])
  // judged by its announced length, before anybody is asked
  expect([services.seen, services.checks]).toEqual([[], []])
})

test('a length that shows only in the end is found all the same', async () => {
  const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`
  const refused = await send(
    authRoutes.loginStart,
    ['Transfer-Encoding: chunked'],
    `${chunk.repeat(3)}0\r\n\r\n`,
  )
  expect([refused.status, services.seen]).toEqual([413, []])
})

test('nobody’s body is read before the token is', async () => {
  services.verdict = 401
  const answer = await send(chatRoutes.commitAppend, [`Content-Length: ${limits.commitBundleMaxBytes}`])
  services.verdict = 204
  expect([answer.status, services.checks.length, services.seen]).toEqual([401, 1, []])
})
