import { randomBytes } from 'node:crypto'
import {
  authRoutes,
  encodeBase64Url,
  enrolmentSchema,
  idFromBytes,
  limits,
  sessionSchema,
  type AccountId,
} from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  beginSignUp,
  enrol,
  enrolmentOf,
  logIn,
  makeDevice,
  makeKeyPair,
  opaqueRegistration,
  signUp,
  startLogin,
} from './test-people.ts'
import { send, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('alice registers, logs in on a second device, and both devices are listed', async () => {
  const alice = await signUp(server, 'alice')
  expect(alice.session).toMatchObject({ account: alice.account, device: alice.device.id, role: 'user' })
  const enrolment = await enrolmentOf(server, alice)
  expect(enrolment).toMatchObject({ account: alice.account, userName: 'alice', vault: alice.vault })
  const second = await enrol(server, alice)
  const listed = await send(server, authRoutes.deviceList, { token: second.session.accessToken })
  const { devices } = authRoutes.deviceList.reply.parse(listed.json())
  expect(devices.map(({ device, current }) => [device, current])).toEqual([
    [alice.device.id, false],
    [second.device.id, true],
  ])
})

test('a wrong password does not log in', async () => {
  await signUp(server, 'bob')
  expect((await logIn(server, 'bob', 'not the password')).kind).toBe('wrong-password')
})

test('a taken name is refused at the start and at the finish', async () => {
  const racing = await beginSignUp(server, 'carla')
  await signUp(server, 'carla')
  const late = await send(server, authRoutes.registrationFinish, { json: racing.json })
  expect([late.status, late.json()['code']]).toEqual([409, 'name-taken'])
  const { started } = await beginSignUp(server, 'carla')
  expect([started.status, started.json()['code']]).toEqual([409, 'name-taken'])
})

test('two finishes for one name at the same time make one account', async () => {
  const [one, other] = await Promise.all([beginSignUp(server, 'twins'), beginSignUp(server, 'twins')])
  const replies = await Promise.all(
    [one, other].map(({ json }) => send(server, authRoutes.registrationFinish, { json })),
  )
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409])
})

test('the same finish again after a lost answer opens the account, a changed one does not', async () => {
  const { json } = await beginSignUp(server, 'dora')
  const first = sessionSchema.parse((await send(server, authRoutes.registrationFinish, { json })).json())
  const again = await send(server, authRoutes.registrationFinish, { json })
  expect(sessionSchema.parse(again.json())).toMatchObject({ account: first.account, device: first.device })
  const other = await opaqueRegistration('another password')
  const changed = {
    ...json,
    opaqueRecord: other.finish((await startOf('dora2')).opaqueResponse).registrationRecord,
  }
  expect((await send(server, authRoutes.registrationFinish, { json: changed })).status).toBe(409)
})

async function startOf(userName: string) {
  const { registrationRequest } = await opaqueRegistration('any password')
  const started = await send(server, authRoutes.registrationStart, {
    json: { userName, opaqueRequest: registrationRequest },
  })
  return authRoutes.registrationStart.reply.parse(started.json())
}

test('a registration that took too long begins again', async () => {
  const late = await startTestServer()
  const { json } = await beginSignUp(late, 'snail')
  late.advance(limits.enrolmentTokenMs + 1000)
  const reply = await send(late, authRoutes.registrationFinish, { json })
  expect([reply.status, reply.json()['code']]).toEqual([410, 'login-expired'])
  await late.close()
})

test.each([
  ['a device certified by another account key', 'device'],
  ['an account key of small order', 'accountKey'],
  ['a device key of small order, well certified', 'smallDevice'],
  ['bytes that are no OPAQUE record', 'opaqueRecord'],
  ['an empty vault', 'vault'],
  ['a short recovery proof', 'recoveryAuth'],
  ['a display name of nothing visible', 'displayName'],
] as const)('a registration with %s is refused', async (_what, field) => {
  const { json, person } = await beginSignUp(server, `bad-${field.toLowerCase()}`)
  const account = person?.account ?? idFromBytes<AccountId>(randomBytes(16))
  const accountKeys = person?.accountKeys ?? makeKeyPair()
  const smallKeys = { ...makeKeyPair(), publicKey: Uint8Array.of(1, ...new Uint8Array(31)) }
  const wrong = {
    smallDevice: makeDevice(account, accountKeys, 'Small', smallKeys).wire,
    device: makeDevice(account, makeKeyPair()).wire,
    accountKey: encodeBase64Url(Uint8Array.of(1, ...new Uint8Array(31))),
    // random bytes are a point of the curve every now and then
    opaqueRecord: encodeBase64Url(new Uint8Array(192).fill(255)),
    vault: '',
    recoveryAuth: encodeBase64Url(randomBytes(31)),
    displayName: '\u202e\u200b ',
  }
  const reply = await send(server, authRoutes.registrationFinish, {
    json: { ...json, [field === 'smallDevice' ? 'device' : field]: wrong[field] },
  })
  expect([reply.status, reply.json()['code']]).toEqual([400, 'malformed'])
})

test('a login has one finish, within two minutes', async () => {
  const erik = await signUp(server, 'erik')
  const { started } = await startLogin(server, 'erik', erik.password)
  const { login } = authRoutes.loginStart.reply.parse(started.json())
  const finish = () =>
    send(server, authRoutes.loginFinish, { json: { login, opaqueFinish: encodeBase64Url(randomBytes(64)) } })
  expect((await finish()).json()['code']).toBe('wrong-credentials')
  expect((await finish()).json()['code']).toBe('login-expired')
  const sealedByNobody = { login: encodeBase64Url(randomBytes(200)), opaqueFinish: 'AAAA' }
  expect((await send(server, authRoutes.loginFinish, { json: sealedByNobody })).json()['code']).toBe(
    'login-expired',
  )
})

test('the recovery key opens the vault, another one does not', async () => {
  const frida = await signUp(server, 'frida')
  const recover = (recoveryAuth: string) =>
    send(server, authRoutes.loginRecovery, { json: { userName: 'frida', recoveryAuth } })
  const right = await recover(frida.recoveryAuth)
  expect(enrolmentSchema.parse(right.json()).vault).toBe(frida.vault)
  const wrong = await recover(encodeBase64Url(randomBytes(32)))
  expect([wrong.status, wrong.json()['code']]).toEqual([401, 'wrong-credentials'])
})

test('one login enrols one device; the same device again is a retry', async () => {
  const gustav = await signUp(server, 'gustav')
  const { enrolmentToken: token } = await enrolmentOf(server, gustav)
  const [one, other] = [
    makeDevice(gustav.account, gustav.accountKeys),
    makeDevice(gustav.account, gustav.accountKeys),
  ]
  expect((await send(server, authRoutes.deviceEnrol, { json: one.wire, token })).status).toBe(200)
  expect((await send(server, authRoutes.deviceEnrol, { json: one.wire, token })).status).toBe(200)
  expect((await send(server, authRoutes.deviceEnrol, { json: other.wire, token })).status).toBe(401)
})

test('a device whose session ended comes back by logging in again, under its own id', async () => {
  const hanna = await signUp(server, 'hanna')
  const again = await enrol(server, hanna, hanna.device)
  expect(again.session.device).toBe(hanna.device.id)
  expect((await send(server, authRoutes.deviceList, { token: again.session.accessToken })).status).toBe(200)
  // its earlier session is over
  expect((await send(server, authRoutes.tokenRefresh, { refresh: hanna.refresh })).status).toBe(401)
})

test('nobody enrols a device under the id of another account’s device', async () => {
  const [ida, jan] = [await signUp(server, 'ida'), await signUp(server, 'jan')]
  const { enrolmentToken: token } = await enrolmentOf(server, jan)
  const reply = await send(server, authRoutes.deviceEnrol, { json: ida.device.wire, token })
  expect(reply.status).toBe(400)
})

test('a twenty-first device is refused', async () => {
  const karl = await signUp(server, 'karl')
  const { pool } = { pool: await adminPool(server) }
  for (let index = 1; index < limits.devicesPerAccount; index++) {
    await pool.query(
      `insert into auth.device (id, account, device_key, certificate, name, created_at, last_seen_at)
       values ($1, $2, $3, $3, 'filler', 1, 1)`,
      [randomBytes(16), Buffer.from(karl.account, 'base64url'), randomBytes(32)],
    )
  }
  await pool.end()
  const { enrolmentToken: token } = await enrolmentOf(server, karl)
  const reply = await send(server, authRoutes.deviceEnrol, {
    json: makeDevice(karl.account, karl.accountKeys).wire,
    token,
  })
  expect([reply.status, reply.json()['code']]).toEqual([409, 'quota-exceeded'])
})

async function adminPool({ database }: TestServer) {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: database.adminUrl })
  await client.connect()
  return client
}
