/** Every route by every kind of caller; and what is refused before any of it is looked at. */
import { randomBytes } from 'node:crypto'
import { createConnection } from 'node:net'
import {
  authRoutes,
  encodeBase64Url,
  idFromBytes,
  limits,
  type AccountId,
  type DeviceId,
  type Route,
} from '@brieftaube/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enrolmentOf, revocationOf, signUp, type Person } from './test-people.ts'
import { origin, send, startTestServer, type Sent, type TestServer } from './test-server.ts'

let server: TestServer
let alice: Person
let bob: Person
let admin: Person
let enrolmentToken: string
beforeAll(async () => {
  server = await startTestServer()
  admin = await signUp(server, 'admin', { invite: await server.auth.adminInvite() })
  alice = await signUp(server, 'alice')
  bob = await signUp(server, 'bob')
  enrolmentToken = (await enrolmentOf(server, alice)).enrolmentToken
})
afterAll(() => server.close())

const routes = Object.values<Route>(authRoutes)
const callers = ['anonymous', 'enrolment', 'own', 'other', 'admin'] as const
type CallerKind = (typeof callers)[number]

/** Whether the token opens the route at all; what the route then answers is its own business. */
function opens(route: Route, caller: CallerKind): boolean {
  if (route.access === 'public') return true
  if (route.access === 'enrolment') return caller === 'enrolment'
  if (route.access === 'admin') return caller === 'admin'
  return caller === 'own' || caller === 'other' || caller === 'admin'
}

function tokenOf(caller: CallerKind): string | undefined {
  const tokens = { anonymous: undefined, enrolment: enrolmentToken, own: alice, other: bob, admin }
  const held = tokens[caller]
  return typeof held === 'object' ? held.session.accessToken : held
}

/** Well-formed ids that belong to alice, and a body that fits no schema: access is judged before the body is. */
function requestOf(route: Route, caller: CallerKind): Sent {
  return {
    params: { device: alice.device.id, account: alice.account, code: 'no-such-code' },
    token: tokenOf(caller),
    ...(route.requestForm === 'json' ? { json: { nonsense: true } } : {}),
    ...(route.requestForm === 'bytes' ? { bytes: Uint8Array.of(1, 2, 3) } : {}),
  }
}

const matrix = routes.flatMap((route) => callers.map((caller) => ({ route, caller, name: route.name })))

test.each(matrix)('$name by $caller', async ({ route, caller }) => {
  const { status } = await send(server, route, requestOf(route, caller))
  // the refresh cookie is this route's own proof
  if (route.name === 'tokenRefresh') expect(status).toBe(401)
  else if (opens(route, caller)) expect([401, 403]).not.toContain(status)
  else expect(status).toBe(route.access === 'admin' && ['own', 'other'].includes(caller) ? 403 : 401)
})

describe('a foreign device and an unknown one look alike', () => {
  const unknown = idFromBytes<DeviceId>(new Uint8Array(16).fill(7))
  test('when renamed', async () => {
    const rename = (device: string) =>
      send(server, authRoutes.deviceRename, {
        params: { device },
        json: { name: 'Mine' },
        token: bob.session.accessToken,
      })
    const [foreign, none] = [await rename(alice.device.id), await rename(unknown)]
    expect([foreign.status, foreign.text]).toEqual([404, none.text])
  })
  test('when revoked', async () => {
    const revoke = (device: DeviceId) =>
      send(server, authRoutes.deviceRevoke, {
        params: { device },
        json: { statement: revocationOf(bob, device) },
        token: bob.session.accessToken,
      })
    const [foreign, none] = [await revoke(alice.device.id), await revoke(unknown)]
    expect([foreign.status, foreign.text]).toEqual([404, none.text])
  })
  test('as do the pictures of accounts without one and of nobody', async () => {
    const get = (account: AccountId) =>
      send(server, authRoutes.pictureGet, { params: { account }, token: bob.session.accessToken })
    const [without, nobody] = [
      await get(alice.account),
      await get(idFromBytes<AccountId>(new Uint8Array(16).fill(9))),
    ]
    expect([without.status, without.text]).toEqual([404, nobody.text])
  })
})

describe('a page of another origin changes nothing', () => {
  const changing = routes.filter((route) => route.method !== 'GET')
  test.each(changing)('$name', async (route) => {
    for (const from of ['https://evil.example', 'null', 'http://chat.example.org', '']) {
      const reply = await send(server, route, { ...requestOf(route, 'own'), origin: from })
      expect([reply.status, reply.json()['code']]).toEqual([403, 'forbidden'])
    }
  })
  test('while a client that is no browser may call with its token', async () => {
    const reply = await send(server, authRoutes.socketTicket, {
      token: alice.session.accessToken,
      origin: undefined,
    })
    expect(reply.status).toBe(200)
  })
})

describe('a body that does not fit is refused', () => {
  const token = () => alice.session.accessToken
  const update = (json: unknown) => send(server, authRoutes.profileUpdate, { json, token: token() })
  test.each([
    ['an unknown field', { displayName: 'Alice', role: 'admin' }],
    ['a wrong type', { displayName: 5 }],
    ['a list', []],
    ['null', 'null'],
    ['__proto__', '{"displayName":"Alice","__proto__":{"role":"admin"}}'],
    ['a nested __proto__', '{"displayName":{"__proto__":{}}}'],
    ['constructor', '{"constructor":{"prototype":{}}}'],
    ['no JSON', '{'],
    ['nothing', ''],
    ['too long a name', { displayName: 'x'.repeat(limits.displayNameMaxChars + 1) }],
    ['an empty name', { displayName: '' }],
    ['deep nesting', '['.repeat(30_000)],
  ])('%s', async (_what, json) => {
    const reply = await update(json)
    expect([reply.status, reply.json()['code']]).toEqual([400, 'malformed'])
  })
  test('invalid UTF-8', async () => {
    const bytes = Uint8Array.of(
      ...new TextEncoder().encode('{"displayName":"'),
      0xff,
      ...new TextEncoder().encode('"}'),
    )
    const headers = { 'content-type': 'application/json' }
    expect((await send(server, authRoutes.profileUpdate, { bytes, headers, token: token() })).status).toBe(
      400,
    )
  })
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    '',
  ])('content type "%s"', async (type) => {
    const headers = { 'content-type': type }
    expect((await send(server, authRoutes.profileUpdate, { json: {}, headers, token: token() })).status).toBe(
      400,
    )
  })
  test('a compressed body', async () => {
    const headers = { 'content-encoding': 'gzip' }
    expect((await send(server, authRoutes.profileUpdate, { json: {}, headers, token: token() })).status).toBe(
      400,
    )
  })
  test('a body where none belongs', async () => {
    const reply = await send(server, authRoutes.socketTicket, { json: {}, token: token() })
    expect(reply.status).toBe(400)
  })
  test('more than 64 KiB', async () => {
    const reply = await update({ displayName: 'x'.repeat(limits.jsonBodyMaxBytes) })
    expect([reply.status, reply.json()['code']]).toEqual([413, 'too-large'])
  })
  test('a body that only says late how long it is', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(120)),
    })
    const asked = fetch(`${server.url}${authRoutes.profileUpdate.path}`, {
      method: 'PATCH',
      body: endless,
      duplex: 'half',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token()}`, origin },
    } as RequestInit)
    const status = await asked.then(
      (reply) => reply.status,
      () => 'cut',
    )
    expect([413, 'cut']).toContain(status)
  })
  test('a query where none belongs', async () => {
    const reply = await fetch(`${server.url}${authRoutes.serverInfo.path}?verbose=1`)
    expect(reply.status).toBe(400)
  })
})

describe('paths', () => {
  test.each([
    '/api/auth/..%2fauth/devices',
    '/api/auth/%64evices',
    '/api/auth//devices',
    '/api/auth/devices/',
    '/api/auth/./devices',
    '/api/auth/../auth/devices',
    '/api/auth/devices;x=1',
    '/api/auth/devices%00',
    '/api/auth\\devices',
  ])('%s gets 400', async (target) => {
    const status = await rawStatus(target)
    expect(status).toBe(400)
  })
  test('an id of the wrong form gets 400', async () => {
    const params = { device: 'not-an-id' }
    const reply = await send(server, authRoutes.deviceRename, {
      params,
      json: { name: 'x' },
      token: alice.session.accessToken,
    })
    expect(reply.status).toBe(400)
  })
  test('an unknown one gets 404, another method 405 with the right ones', async () => {
    const unknown = await fetch(`${server.url}/api/auth/nothing`)
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      { code: 'not-found', message: expect.any(String) },
    ])
    const upper = await fetch(`${server.url}/API/AUTH/server`)
    expect(upper.status).toBe(404)
    const method = await fetch(`${server.url}/api/auth/devices`, { method: 'PUT' })
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST, GET'])
  })
})

/** Sends the target as it stands: `fetch` would tidy it. */
async function rawStatus(target: string): Promise<number> {
  const { hostname, port } = new URL(server.url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1])
}

test('every answer carries the security headers', async () => {
  const replies = [
    await send(server, authRoutes.serverInfo),
    await send(server, authRoutes.deviceList),
    await send(server, authRoutes.deviceList, { token: alice.session.accessToken }),
  ]
  replies.push(await send(server, { ...authRoutes.serverInfo, path: '/api/auth/nothing' }))
  for (const { headers } of replies) {
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('strict-transport-security')).toContain('max-age')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-powered-by')).toBeNull()
  }
})

test('a flood from one device is slowed down, and no other device with it', async () => {
  const restPerDevice = { burst: 3, refillMs: 60_000, whenUncounted: 'local' } as const
  const limited = await startTestServer({}, { rates: { restPerDevice } })
  const [carla, dora] = [await signUp(limited, 'carla'), await signUp(limited, 'dora')]
  const ask = async ({ session }: Person) =>
    (await send(limited, authRoutes.deviceList, { token: session.accessToken })).status
  const statuses: number[] = []
  for (let index = 0; index < 5; index++) statuses.push(await ask(carla))
  expect(statuses).toEqual([200, 200, 200, 429, 429])
  expect(await ask(dora)).toBe(200)
  await limited.close()
})

test('a header of more than 4 KiB as a token gets 401', async () => {
  const headers = { authorization: `Bearer ${encodeBase64Url(randomBytes(4000))}` }
  expect((await send(server, authRoutes.deviceList, { headers })).status).toBe(401)
})
