import { authRoutes, sessionSchema } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginSignUp, enrol, enrolmentOf, logIn, makeDevice, revocationOf, signUp } from './test-people.ts'
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
