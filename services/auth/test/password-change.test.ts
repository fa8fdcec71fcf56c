import { randomBytes } from 'node:crypto'
import { authRoutes, encodeBase64Url, enrolmentSchema, type Enrolment } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  enrol,
  enrolmentOf,
  logIn,
  makeDevice,
  opaqueRegistration,
  signUp,
  type Person,
} from './test-people.ts'
import { send, startTestServer, type Received, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const newVault = encodeBase64Url(randomBytes(333))

async function changePassword(
  enrolment: Enrolment,
  password: string,
  keepDevice?: string,
): Promise<Received> {
  const { registrationRequest, finish } = await opaqueRegistration(password)
  const token = enrolment.enrolmentToken
  const started = await send(server, authRoutes.passwordStart, {
    json: { opaqueRequest: registrationRequest },
    token,
  })
  if (started.status !== 200) return started
  const { opaqueResponse } = authRoutes.passwordStart.reply.parse(started.json())
  const json = { opaqueRecord: finish(opaqueResponse).registrationRecord, vault: newVault, keepDevice }
  return send(server, authRoutes.passwordFinish, { json, token })
}

const isAlive = async (device: { session: { accessToken: string } }) =>
  (await send(server, authRoutes.deviceList, { token: device.session.accessToken })).status === 200
const refreshes = async (device: { refresh: string }) =>
  (await send(server, authRoutes.tokenRefresh, { refresh: device.refresh })).status === 200

test('a new password replaces the old one and the vault, and ends the other sessions', async () => {
  const alice = await signUp(server, 'alice')
  const second = await enrol(server, alice)
  const stolen = await enrolmentOf(server, alice)
  const reply = await changePassword(
    await enrolmentOf(server, alice),
    'a brand new password',
    alice.device.id,
  )
  expect(reply.status).toBe(204)
  expect((await logIn(server, 'alice', alice.password)).kind).toBe('wrong-password')
  const fresh = await logIn(server, 'alice', 'a brand new password')
  expect(fresh).toMatchObject({ kind: 'in', enrolment: { vault: newVault } })
  expect([await isAlive(alice), await isAlive(second)]).toEqual([true, false])
  expect([await refreshes(alice), await refreshes(second)]).toEqual([true, false])
  // a login that was proven with the old password is over too
  expect((await changePassword(stolen, 'the thief’s password')).status).toBe(401)
  const device = makeDevice(alice.account, alice.accountKeys)
  expect(
    (await send(server, authRoutes.deviceEnrol, { json: device.wire, token: stolen.enrolmentToken })).status,
  ).toBe(401)
})

test('after a forgotten password the recovery key sets a new one and enrols a device with the same login', async () => {
  const bob = await signUp(server, 'bob')
  const recovered = await send(server, authRoutes.loginRecovery, {
    json: { userName: 'bob', recoveryAuth: bob.recoveryAuth },
  })
  const enrolment = enrolmentSchema.parse(recovered.json())
  expect((await changePassword(enrolment, 'remembered this time')).status).toBe(204)
  expect([await isAlive(bob), await refreshes(bob)]).toEqual([false, false])
  const device = makeDevice(bob.account, bob.accountKeys)
  const enrolled = await send(server, authRoutes.deviceEnrol, {
    json: device.wire,
    token: enrolment.enrolmentToken,
  })
  expect(enrolled.status).toBe(200)
  expect(await isAlive({ session: authRoutes.deviceEnrol.reply.parse(enrolled.json()) })).toBe(true)
})

test('a device that was signed out by a change of password signs in again and works within the same second', async () => {
  const carla = await signUp(server, 'carla')
  const { enrolment } = { enrolment: await enrolmentOf(server, carla) }
  expect((await changePassword(enrolment, 'another password')).status).toBe(204)
  const again = await enrol(server, { ...carla, password: 'another password' }, carla.device)
  expect(await isAlive(again)).toBe(true)
})

test('a session alone changes no password', async () => {
  const dora: Person = await signUp(server, 'dora')
  const token = dora.session.accessToken
  const json = { opaqueRequest: (await opaqueRegistration('x')).registrationRequest }
  expect((await send(server, authRoutes.passwordStart, { json, token })).status).toBe(401)
})

test('a record that is none changes nothing', async () => {
  const erik = await signUp(server, 'erik')
  const { enrolmentToken: token } = await enrolmentOf(server, erik)
  // no point of the group is written like this; of random bytes, one in sixteen is
  const json = { opaqueRecord: encodeBase64Url(new Uint8Array(192).fill(0xff)), vault: newVault }
  expect((await send(server, authRoutes.passwordFinish, { json, token })).status).toBe(400)
  expect((await enrolmentOf(server, erik)).vault).toBe(erik.vault)
})
