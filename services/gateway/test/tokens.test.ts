/** Tokens at the gateway and at each service behind it: two layers that refuse the same. */
import { authRoutes, chatRoutes, gatewayTokenPath, limits, type Route } from '@brieftaube/protocol'
import { badTokens, goodToken, testOrigin, type TokenSource } from '@brieftaube/testkit'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { getRequest, sendRaw } from './raw-request.ts'
import { startTestProduct, type TestProduct } from './test-product.ts'
import { sourceOf } from './test-tickets.ts'

let product: TestProduct
let source: TokenSource
beforeAll(async () => {
  product = await startTestProduct()
  source = sourceOf(product.secrets)
})
afterAll(() => product[Symbol.asyncDispose]())

const routes = [...Object.values<Route>(authRoutes), ...Object.values<Route>(chatRoutes)]
const closed = routes.filter(({ access }) => access !== 'public')
const pathOf = (route: Route) => route.path.replace(/:[a-z]+/g, 'AAAAAAAAAAAAAAAAAAAAAA')

/** As bytes, because some of the corpus is no header value for `fetch`. */
async function statusAt(port: number, target: string, token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}`, Origin: testOrigin }
  return (await sendRaw(port, getRequest(target, headers), { quietMs: 5000 })).status
}

test('no bad token gets past the gateway, nor past a service', async () => {
  const corpus = badTokens(source)
  expect(corpus.length).toBeGreaterThanOrEqual(25)
  const { httpPort } = product.gateway
  for (const { name, token } of corpus) {
    const statuses = await Promise.all([
      statusAt(httpPort, '/api/auth/devices', token),
      statusAt(httpPort, '/api/chat/contacts', token),
      statusAt(product.authPort, '/api/auth/devices', token),
      statusAt(product.chatPort, '/api/chat/contacts', token),
      statusAt(product.authPort, gatewayTokenPath, token),
    ])
    expect(statuses, name).toEqual([401, 401, 401, 401, 401])
  }
  expect(await statusAt(httpPort, '/api/chat/contacts', goodToken(source))).toBe(200)
})

test.each(closed)('$method $path needs a token at the gateway', async (route) => {
  const answer = await fetch(product.url + pathOf(route), {
    method: route.method,
    headers: { origin: testOrigin },
  })
  const body = (await answer.json()) as unknown
  expect([answer.status, body]).toEqual([
    401,
    { code: 'unauthenticated', message: 'A valid token is needed.' },
  ])
})

test('what has no route needs one as well', async () => {
  for (const path of ['/api/chat/nothing', '/api/auth/admin', '/api/auth/devices/', '/api/chat/'])
    expect((await fetch(product.url + path)).status).toBe(401)
})

test('a device’s token does not enrol, and the other way round', async () => {
  const token = goodToken(source)
  const enrol = (path: string) =>
    fetch(product.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, origin: testOrigin },
    })
  expect((await enrol(authRoutes.deviceEnrol.path)).status).toBe(401)
  expect((await enrol(authRoutes.socketTicket.path)).status).not.toBe(200)
})

test('two tokens in one request are none', async () => {
  const lines = ['GET /api/chat/contacts HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close']
  const good = `Authorization: Bearer ${goodToken(source)}`
  const bytes = [...lines, 'Authorization: Bearer x', good, '', ''].join('\r\n')
  expect([400, 401]).toContain((await sendRaw(product.gateway.httpPort, bytes)).status)
})

test('a check asks no database', async () => {
  const query = vi.spyOn(pg.Client.prototype, 'query')
  const checks = 300
  for (let n = 0; n < checks; n++) {
    const headers = { authorization: `Bearer ${goodToken(source)}` }
    const answer = await fetch(`http://127.0.0.1:${product.authPort}${gatewayTokenPath}`, { headers })
    expect(answer.status).toBe(204)
  }
  // the revocation feed is read every two seconds, however many checks there are
  const asked = query.mock.calls.length
  query.mockRestore()
  expect(asked).toBeLessThan(checks / 10)
})

describe('what ended', () => {
  test('ends at the gateway too, without a word to the chat service', async () => {
    const token = goodToken(source)
    expect(await statusAt(product.gateway.httpPort, '/api/chat/contacts', token)).toBe(200)
    const owner = new pg.Client({ connectionString: product.database.adminUrl })
    await owner.connect()
    const id = (text: string) => Buffer.from(text, 'base64url')
    await owner.query('insert into auth.revocation (kind, account, device, at) values ($1, $2, $3, $4)', [
      'session-ended',
      id(source.account),
      id(source.device),
      Date.now() + 1000,
    ])
    await owner.end()
    const check = () => statusAt(product.authPort, gatewayTokenPath, token)
    await expect.poll(check, { timeout: 3 * limits.revocationPollMs }).toBe(401)
    expect(await statusAt(product.gateway.httpPort, '/api/auth/devices', token)).toBe(401)
  })
})
