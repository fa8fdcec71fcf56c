import { randomBytes } from 'node:crypto'
import { authRoutes, encodeBase64Url, limits, sessionSchema } from '@brieftaube/protocol'
import { createTokenVerifier } from '@brieftaube/service-kit'
import { badTokens, goodToken } from '@brieftaube/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enrol, enrolmentOf, revocationOf, signUp, type Person } from './test-people.ts'
import { newAddress, send, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let alice: Person
beforeAll(async () => {
  server = await startTestServer()
  alice = await signUp(server, 'alice')
})
afterAll(() => server.close())

/** Three at once, then one a minute. */
const scarce = { burst: 3, refillMs: 60_000, whenUncounted: 'local' } as const
const refresh = (token: string | undefined) => send(server, authRoutes.tokenRefresh, { refresh: token })

describe('refreshing', () => {
  test('rotates the token, in a cookie that only our own pages send', async () => {
    const bob = await signUp(server, 'bob')
    const first = await refresh(bob.refresh)
    expect(sessionSchema.parse(first.json())).toMatchObject({ account: bob.account, device: bob.device.id })
    const cookie = first.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(
      /^__Host-brieftaube-refresh=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Strict$/,
    )
    expect(first.refresh).not.toBe(bob.refresh)
    expect((await refresh(first.refresh)).status).toBe(200)
  })

  test('gives parallel requests the same successor, each time', async () => {
    const carla = await signUp(server, 'carla')
    // as many connections as the pool has must stand before the race
    await Promise.all(
      [1, 2, 3, 4].map(() => send(server, authRoutes.deviceList, { token: carla.session.accessToken })),
    )
    let token = carla.refresh
    for (let round = 0; round < 8; round++) {
      const replies = await Promise.all([1, 2, 3, 4, 5, 6].map(() => refresh(token)))
      expect(replies.map((reply) => reply.status)).toEqual(Array(6).fill(200))
      expect(new Set(replies.map((reply) => reply.refresh)).size).toBe(1)
      token = replies[0]?.refresh ?? ''
    }
  })

  test('gives a late tab the end of the chain within the grace', async () => {
    const dora = await signUp(server, 'dora')
    const second = await refresh(dora.refresh)
    const third = await refresh(second.refresh)
    expect((await refresh(dora.refresh)).refresh).toBe(third.refresh)
  })

  test('forgives a used token whose successor nobody has used, however late', async () => {
    const late = await startTestServer()
    const dirk = await signUp(late, 'dirk')
    const present = (token: string | undefined) => send(late, authRoutes.tokenRefresh, { refresh: token })
    const lost = await present(dirk.refresh)
    late.advance(8 * 24 * 3600 * 1000)
    await late.auth.sweep()
    const again = await present(dirk.refresh)
    expect(again.status).toBe(200)
    expect(again.refresh).not.toBe(lost.refresh)
    // two tabs
    expect((await present(dirk.refresh)).refresh).toBe(again.refresh)
    // lost once more
    late.advance(limits.refreshGraceMs + 1000)
    const third = await present(dirk.refresh)
    expect(third.refresh).not.toBe(again.refresh)
    expect((await present(third.refresh)).status).toBe(200)
    await late.close()
  })

  test('ends the family when both the replaced and the replacing successor are used', async () => {
    const emma = await signUp(server, 'emma')
    const first = await refresh(emma.refresh)
    server.advance(limits.refreshGraceMs + 1000)
    const thief = await refresh(emma.refresh)
    expect(thief.status).toBe(200)
    expect((await refresh(first.refresh)).status).toBe(401)
    expect((await refresh(thief.refresh)).status).toBe(401)
    const rows = await server.auth.revocationsAfter(0)
    expect(rows.at(-1)).toMatchObject({ kind: 'session-ended', device: emma.device.id })
  })

  test('ends the family when a used token comes back after its successor was used', async () => {
    const erik = await signUp(server, 'erik')
    const next = await refresh((await refresh(erik.refresh)).refresh)
    const { accessToken } = sessionSchema.parse(next.json())
    server.advance(limits.refreshGraceMs + 1000)
    expect((await refresh(erik.refresh)).status).toBe(401)
    expect((await refresh(next.refresh)).status).toBe(401)
    expect((await send(server, authRoutes.deviceList, { token: accessToken })).status).toBe(401)
    const rows = await server.auth.revocationsAfter(0)
    expect(rows.at(-1)).toMatchObject({ kind: 'session-ended', device: erik.device.id })
  })

  test.each([
    ['no cookie', undefined],
    ['an unknown token', encodeBase64Url(new Uint8Array(32))],
    ['something else', 'x'],
  ])('refuses %s', async (_what, token) => {
    expect((await refresh(token)).status).toBe(401)
  })

  test('is limited by device for who has a session, by network for who guesses', async () => {
    const limited = await startTestServer({}, { rates: { restPerDevice: scarce } })
    const ina = await signUp(limited, 'ina')
    const address = newAddress()
    const present = (token: string) => send(limited, authRoutes.tokenRefresh, { refresh: token, address })
    const guesses = [1, 2, 3, 4, 5].map(() => encodeBase64Url(randomBytes(32)))
    const guessed: number[] = []
    for (const guess of guesses) guessed.push((await present(guess)).status)
    expect(guessed).toEqual([401, 401, 401, 429, 429])
    // the same network, but a session of its own
    const known: number[] = []
    for (let round = 0; round < 5; round++) known.push((await present(ina.refresh)).status)
    expect(known).toEqual([200, 200, 200, 429, 429])
    await limited.close()
  })

  test('refuses a cookie that is sent twice', async () => {
    const cookie = `__Host-brieftaube-refresh=${alice.refresh}; __Host-brieftaube-refresh=${alice.refresh}`
    expect((await send(server, authRoutes.tokenRefresh, { headers: { cookie } })).status).toBe(401)
  })

  test.each([
    ['absent', undefined],
    ['null', 'null'],
    ['evil', 'https://evil.example'],
    ['of another scheme', 'http://chat.example.org'],
    ['of another port', 'https://chat.example.org:8443'],
    ['a longer name', 'https://chat.example.org.evil.example'],
    ['empty', ''],
  ])('refuses an Origin that is %s', async (_what, origin) => {
    const reply = await send(server, authRoutes.tokenRefresh, { refresh: alice.refresh, origin })
    expect([reply.status, reply.json()['code']]).toEqual([403, 'forbidden'])
  })

  test('ends after sixty days without use', async () => {
    const late = await startTestServer()
    const person = await signUp(late, 'sleeper')
    late.advance(limits.refreshTokenMs + 1000)
    expect((await send(late, authRoutes.tokenRefresh, { refresh: person.refresh })).status).toBe(401)
    await late.close()
  })
})

describe('access tokens', () => {
  test('die after ten minutes', async () => {
    const late = await startTestServer()
    const person = await signUp(late, 'sleeper')
    const token = person.session.accessToken
    expect((await send(late, authRoutes.deviceList, { token })).status).toBe(200)
    late.advance(limits.accessTokenMs)
    expect((await send(late, authRoutes.deviceList, { token })).status).toBe(401)
    await late.close()
  })

  test('of the bad kind are refused, each of them', async () => {
    const [key] = server.config.secrets.signingKeys
    const { x = '', d = '' } = key?.jwk ?? {}
    const source = {
      kid: key?.kid ?? '',
      jwk: { x, d },
      account: alice.account,
      device: alice.device.id,
      session: 'x',
    }
    const ask = async (token: string) =>
      (await send(server, authRoutes.deviceList, { token, address: alice.address })).status
    expect(await ask(goodToken(source))).toBe(200)
    const accepted: string[] = []
    for (const { name, token } of badTokens(source)) if ((await ask(token)) !== 401) accepted.push(name)
    expect(accepted).toEqual([])
  })

  test('in another header form are refused', async () => {
    const { accessToken } = alice.session
    for (const authorization of [
      accessToken,
      `bearer ${accessToken}`,
      `Bearer  ${accessToken}`,
      `Basic ${accessToken}`,
      'Bearer ',
    ]) {
      expect((await send(server, authRoutes.deviceList, { headers: { authorization } })).status).toBe(401)
    }
  })

  test('are the only thing that names the caller', async () => {
    const headers = {
      'x-account': alice.account,
      'x-user': 'alice',
      'x-auth-request-user': 'alice',
      'x-forwarded-user': 'alice',
    }
    expect((await send(server, authRoutes.deviceList, { headers })).status).toBe(401)
  })

  test('of a second device live on when the first is revoked, whose own die at once', async () => {
    const frida = await signUp(server, 'frida')
    const second = await enrol(server, frida)
    const json = { statement: revocationOf(frida, frida.device.id) }
    const params = { device: frida.device.id }
    const revoked = await send(server, authRoutes.deviceRevoke, {
      params,
      json,
      token: second.session.accessToken,
    })
    expect(revoked.status).toBe(204)
    expect((await send(server, authRoutes.deviceList, { token: frida.session.accessToken })).status).toBe(401)
    const gone = await refresh(frida.refresh)
    expect([gone.status, gone.json()]).toMatchObject([403, { code: 'device-revoked' }])
    expect((await send(server, authRoutes.deviceList, { token: second.session.accessToken })).status).toBe(
      200,
    )
    const feed = await server.auth.revocationsAfter(0)
    expect(feed.at(-1)).toMatchObject({
      kind: 'device-revoked',
      device: frida.device.id,
      statement: json.statement,
    })
    // again: nothing happens
    expect(
      (await send(server, authRoutes.deviceRevoke, { params, json, token: second.session.accessToken }))
        .status,
    ).toBe(204)
    expect((await server.auth.revocationsAfter(0)).length).toBe(feed.length)
    // and it never comes back
    const { enrolmentToken: token } = await enrolmentOf(server, frida)
    expect((await send(server, authRoutes.deviceEnrol, { json: frida.device.wire, token })).status).toBe(409)
  })
})

test('signing out needs the account’s own statement, and is for good', async () => {
  const gustav = await signUp(server, 'gustav')
  const second = await enrol(server, gustav)
  const { accessToken: token } = gustav.session
  const wrong = [
    revocationOf(gustav, second.device.id),
    revocationOf(alice, gustav.device.id),
    encodeBase64Url(new Uint8Array(106)),
  ]
  for (const statement of wrong) {
    expect((await send(server, authRoutes.logout, { json: { statement }, token })).status).toBe(400)
  }
  const json = { statement: revocationOf(gustav, gustav.device.id) }
  const out = await send(server, authRoutes.logout, { json, token })
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')])
  expect((await send(server, authRoutes.deviceList, { token })).status).toBe(401)
  expect((await refresh(gustav.refresh)).status).toBe(403)
})

test('a socket ticket is a token of its own kind, for thirty seconds', async () => {
  const reply = await send(server, authRoutes.socketTicket, { token: alice.session.accessToken })
  const { ticket, expiresAt } = authRoutes.socketTicket.reply.parse(reply.json())
  const verifier = createTokenVerifier({ jwks: server.auth.jwks, now: server.now })
  const claims = await verifier.ticket(ticket)
  expect(claims).toMatchObject({ sub: alice.account, device: alice.device.id })
  expect(claims.until).toBeGreaterThan(server.now())
  expect(expiresAt - server.now()).toBeLessThanOrEqual(limits.socketTicketMs + 1000)
  await expect(verifier.access(ticket)).rejects.toMatchObject({ code: 'unauthenticated' })
  expect((await send(server, authRoutes.deviceList, { token: ticket })).status).toBe(401)
})

test('the published keys hold no private part', async () => {
  const { keys } = authRoutes.jwks.reply.parse((await send(server, authRoutes.jwks)).json())
  expect(keys.length).toBeGreaterThan(0)
  for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
})

test('what ended in one process dies in another without a hint, in time', async () => {
  const other = await startTestServer({}, { beside: server })
  const hanna = await signUp(server, 'hanna')
  const token = hanna.session.accessToken
  expect((await send(other, authRoutes.deviceList, { token })).status).toBe(200)
  const json = { statement: revocationOf(hanna, hanna.device.id) }
  await send(server, authRoutes.logout, { json, token })
  await expect
    .poll(async () => (await send(other, authRoutes.deviceList, { token })).status, {
      timeout: 5000,
      interval: 200,
    })
    .toBe(401)
  await other.close()
})
