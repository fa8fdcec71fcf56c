/** A device chooses its own id: whatever it chooses must harm nobody else. */
import { authRoutes, idFromBytes, idToBytes, serverDevice, type DeviceId } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enrol, enrolmentOf, makeDevice, makeKeyPair, revocationOf, signUp } from './test-people.ts'
import { send, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

test('revoking a device whose id is somebody’s account id ends nothing of that account', async () => {
  const alice = await signUp(server, 'alice')
  const mallory = await signUp(server, 'mallory')
  const id = idFromBytes<DeviceId>(idToBytes(alice.account))
  const device = makeDevice(mallory.account, mallory.accountKeys, 'evil', makeKeyPair(), id)
  await enrol(server, mallory, device)
  const revoked = await send(server, authRoutes.deviceRevoke, {
    params: { device: id },
    json: { statement: revocationOf(mallory, id) },
    token: mallory.session.accessToken,
  })
  expect(revoked.status).toBe(204)
  const list = await send(server, authRoutes.deviceList, { token: alice.session.accessToken })
  expect(list.status).toBe(200)
})

test('no device takes the id under which the server writes', async () => {
  const bob = await signUp(server, 'bob')
  const device = makeDevice(bob.account, bob.accountKeys, 'zero', makeKeyPair(), serverDevice)
  const { enrolmentToken } = await enrolmentOf(server, bob)
  const enrolled = await send(server, authRoutes.deviceEnrol, { json: device.wire, token: enrolmentToken })
  expect(enrolled.status).toBe(400)
})
