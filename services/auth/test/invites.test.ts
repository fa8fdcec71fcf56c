import { authRoutes } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginSignUp, signUp, type Person } from './test-people.ts'
import { send, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let admin: Person
let adminCode: string | undefined
beforeAll(async () => {
  server = await startTestServer({ registration: 'invite-only' })
  adminCode = await server.auth.adminInvite()
  admin = await signUp(server, 'admin', { invite: adminCode })
})
afterAll(() => server.close())

const day = 86_400_000

async function invite(uses: number, expiresInMs = day): Promise<string> {
  const reply = await send(server, authRoutes.inviteCreate, {
    json: { uses, expiresInMs },
    token: admin.session.accessToken,
  })
  return authRoutes.inviteCreate.reply.parse(reply.json()).code
}

async function listed(): Promise<string[]> {
  const reply = await send(server, authRoutes.inviteList, { token: admin.session.accessToken })
  return authRoutes.inviteList.reply.parse(reply.json()).invites.map(({ code }) => code)
}

test('the one-time code makes the first administrator, and then there is none any more', async () => {
  expect(admin.session.role).toBe('admin')
  expect(await server.auth.adminInvite()).toBeUndefined()
  const { started } = await beginSignUp(server, 'second', { invite: adminCode })
  expect([started.status, started.json()['code']]).toEqual([403, 'invite-invalid'])
})

test('only the last printed code works', async () => {
  const fresh = await startTestServer()
  const [first, last] = [await fresh.auth.adminInvite(), await fresh.auth.adminInvite()]
  const { started } = await beginSignUp(fresh, 'early', { invite: first })
  expect(started.json()['code']).toBe('invite-invalid')
  expect((await signUp(fresh, 'late', { invite: last })).session.role).toBe('admin')
  await fresh.close()
})

test('in open registration the first account is an ordinary one', async () => {
  const open = await startTestServer()
  expect((await signUp(open, 'first')).session.role).toBe('user')
  expect(await open.auth.adminInvite()).toBeDefined()
  await open.close()
})

test('without an invitation nobody learns whether a name is taken', async () => {
  for (const name of ['admin', 'nobody']) {
    const { started } = await beginSignUp(server, name)
    expect([started.status, started.json()['code']]).toEqual([403, 'registration-closed'])
    const wrong = await beginSignUp(server, name, { invite: 'AAAAAAAAAAAAAAAAAAAAAA' })
    expect([wrong.started.status, wrong.started.json()['code']]).toEqual([403, 'invite-invalid'])
  }
})

test('an invitation works as often as it says, also for two at once, and gives an ordinary role', async () => {
  const code = await invite(2)
  expect(await listed()).toContain(code)
  const begun = await Promise.all(
    ['anna', 'berta', 'clara'].map((name) => beginSignUp(server, name, { invite: code })),
  )
  const replies = await Promise.all(
    begun.map(({ json }) => send(server, authRoutes.registrationFinish, { json })),
  )
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, 200, 403])
  const won = replies.find((reply) => reply.status === 200)
  expect(won?.json()['role']).toBe('user')
  expect(await listed()).not.toContain(code)
})

test('a name that is taken at the finish costs no use of the invitation', async () => {
  const code = await invite(1)
  const racing = await beginSignUp(server, 'doris', { invite: code })
  await signUp(server, 'doris', { invite: await invite(1) })
  expect((await send(server, authRoutes.registrationFinish, { json: racing.json })).json()['code']).toBe(
    'name-taken',
  )
  expect((await signUp(server, 'doris2', { invite: code })).session.role).toBe('user')
})

test('a withdrawn invitation works no more', async () => {
  const code = await invite(5)
  const remove = () =>
    send(server, authRoutes.inviteRemove, { params: { code }, token: admin.session.accessToken })
  expect([(await remove()).status, (await remove()).status]).toEqual([204, 404])
  expect((await beginSignUp(server, 'emil', { invite: code })).started.status).toBe(403)
})

test('an expired invitation works no more', async () => {
  const code = await invite(1, 60_000)
  server.advance(61_000)
  expect((await beginSignUp(server, 'fritz', { invite: code })).started.status).toBe(403)
})
