/** Nobody learns by logging in which names exist: not by status, body, length, repetition or time. */
import { randomBytes } from 'node:crypto'
import { client } from '@serenity-kit/opaque'
import { authRoutes, decodeBase64Url, encodeBase64Url } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp, startLogin } from './test-people.ts'
import { newAddress, send, startTestServer, type Received, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await signUp(server, 'alice')
  await signUp(server, 'berta')
})
afterAll(() => server.close())

/** What can be seen of an answer without knowing what it means. */
function outside(reply: Received) {
  const headers = [...reply.headers.keys()].filter((name) => name !== 'date').sort()
  return { status: reply.status, length: reply.text.length, headers }
}

test('the start of a login looks the same for a stranger', async () => {
  const known = await startLogin(server, 'alice', 'wrong password')
  const unknown = await startLogin(server, 'nobody', 'wrong password')
  expect(outside(unknown.started)).toEqual(outside(known.started))
  expect(Object.keys(unknown.started.json())).toEqual(Object.keys(known.started.json()))
})

test('the finish of a login with a wrong proof looks the same for a stranger', async () => {
  const opaqueFinish = encodeBase64Url(randomBytes(64))
  const finish = async (userName: string) => {
    const { started } = await startLogin(server, userName, 'wrong password')
    const { login } = authRoutes.loginStart.reply.parse(started.json())
    return send(server, authRoutes.loginFinish, { json: { login, opaqueFinish } })
  }
  const [known, unknown] = [await finish('alice'), await finish('nobody')]
  expect(outside(unknown)).toEqual(outside(known))
  expect(unknown.text).toBe(known.text)
})

test('a wrong recovery key looks the same for a stranger', async () => {
  const recover = (userName: string) =>
    send(server, authRoutes.loginRecovery, {
      json: { userName, recoveryAuth: encodeBase64Url(randomBytes(32)) },
    })
  const [known, unknown] = [await recover('alice'), await recover('nobody')]
  expect(outside(unknown)).toEqual(outside(known))
  expect(unknown.text).toBe(known.text)
})

/** The first 32 bytes of KE2 are the evaluated element: a function of the request and the account's OPRF key alone. */
async function evaluated(userName: string, startLoginRequest: string): Promise<string> {
  const reply = await send(server, authRoutes.loginStart, {
    json: { userName, opaqueRequest: startLoginRequest },
  })
  const { opaqueResponse } = authRoutes.loginStart.reply.parse(reply.json())
  return encodeBase64Url(decodeBase64Url(opaqueResponse).subarray(0, 32))
}

test('a stranger’s answers repeat themselves as an account’s do, and differ between names', async () => {
  const { startLoginRequest } = client.startLogin({ password: 'wrong password' })
  expect(await evaluated('berta', startLoginRequest)).toBe(await evaluated('berta', startLoginRequest))
  expect(await evaluated('no-berta', startLoginRequest)).toBe(await evaluated('no-berta', startLoginRequest))
  expect(await evaluated('no-berta', startLoginRequest)).not.toBe(
    await evaluated('no-berta-else', startLoginRequest),
  )
})

test('a stranger’s login takes as long as anybody’s', async () => {
  const { startLoginRequest: opaqueRequest } = client.startLogin({ password: 'wrong password' })
  const open = await startTestServer()
  const known: number[] = []
  const unknown: number[] = []
  const people = ['ada', 'ben', 'cem', 'dan', 'eva', 'fay', 'gil', 'hal', 'ina', 'jo-'].map(
    (name) => `${name}x`,
  )
  for (const name of people) await signUp(open, name)
  const time = async (userName: string, into: number[]) => {
    const start = performance.now()
    await send(open, authRoutes.loginStart, { json: { userName, opaqueRequest }, address: newAddress() })
    into.push(performance.now() - start)
  }
  // interleaved, within the limit of five per name
  for (let round = 0; round < 4; round++) {
    for (const name of people) {
      await time(name, known)
      await time(`no-${name}`, unknown)
    }
  }
  await open.close()
  // the lower quartile is less shaken by whatever else the machine does
  const quartile = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length / 4)] ?? 0
  const [a, b] = [quartile(known), quartile(unknown)]
  expect(Math.abs(a - b) / Math.max(a, b)).toBeLessThan(0.3)
})

test('six logins in a row for one name are too many, whether it exists or not', async () => {
  const limited = await startTestServer()
  await signUp(limited, 'alice')
  const sixth = async (userName: string) => {
    for (let index = 0; index < 5; index++)
      expect((await startLogin(limited, userName, 'x')).started.status).toBe(200)
    return (await startLogin(limited, userName, 'x')).started
  }
  const [known, unknown] = [await sixth('alice'), await sixth('nobody')]
  expect([known.status, unknown.status]).toEqual([429, 429])
  expect(Number(known.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(known.json()).toMatchObject({ code: 'rate-limited' })
  await limited.close()
})

test('one network cannot try many names', async () => {
  const address = newAddress()
  const statuses: number[] = []
  for (let index = 0; index < 32; index++) {
    statuses.push((await startLogin(server, `guess-${index}`, 'x', address)).started.status)
  }
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
  expect(statuses.slice(0, 30)).toEqual(Array(30).fill(200))
})

test('a malformed OPAQUE request is refused alike', async () => {
  const ask = (userName: string) =>
    send(server, authRoutes.loginStart, { json: { userName, opaqueRequest: 'AAAA' } })
  const [known, unknown] = [await ask('berta'), await ask('nobody-at-all')]
  expect([known.status, known.text]).toEqual([400, unknown.text])
})
