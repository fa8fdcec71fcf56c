import { applyNotice } from '@brieftaube/encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  call,
  catchUp,
  commit,
  connect,
  createFurtherDevice,
  createPerson,
  foundGroup,
  joinExternally,
  leaveStatement,
  ok,
  readLog,
  revokeStatement,
  sealed,
  send,
  type Person,
  type Seat,
} from './test-people.ts'
import { closed } from './test-socket.ts'
import { startTestChat, type TestChat } from './test-server.ts'

let chat: TestChat
let alice: Person
let bob: Person
let carla: Person
beforeAll(async () => {
  chat = await startTestChat()
  ;[alice, bob, carla] = await Promise.all([createPerson(chat), createPerson(chat), createPerson(chat)])
  await befriend(alice, bob)
  await befriend(alice, carla)
})
afterAll(() => chat.close())

async function applyLastNotice(seat: Seat): Promise<void> {
  const notice = (await readLog(seat.person, seat.conversation)).at(-1)
  expect(notice?.kind).toBe('notice')
  if (notice !== undefined) seat.state = ok(applyNotice(seat.state, notice.mls)).state
}

test('who leaves is out at once, and nobody sends before the Remove is committed', async () => {
  const [a, b, c] = await foundGroup(alice, [bob, carla])
  if (a === undefined || b === undefined || c === undefined) throw new Error('seats')
  const socket = await connect(bob)
  const leave = `/api/chat/conversations/${a.conversation}/leave`
  const statement = leaveStatement(c)
  expect((await call(chat, 'POST', leave, { as: bob, body: { statement } })).status).toBe(403)
  expect((await call(chat, 'POST', leave, { as: carla, body: { statement } })).status).toBe(204)
  expect((await call(chat, 'POST', leave, { as: carla, body: { statement } })).status).toBe(404)
  await expect.poll(() => socket.entries.map((entry) => entry.kind)).toEqual(['notice'])
  expect(await send(socket, await sealed(b, 'too early'))).toMatchObject({ error: 'commit-required', seq: 2 })
  expect((await readLog(carla, a.conversation)).map((entry) => entry.seq)).toEqual([1, 2])
  // a commit that carries out nothing is not enough
  expect(await commit(a, {})).toMatchObject({ status: 409, json: { code: 'commit-required' } })
  await applyLastNotice(b)
  expect((await commit(b, {})).status).toBe(200)
  expect(await send(socket, await sealed(b, 'now'))).toMatchObject({ error: undefined, seq: 4 })
  expect((await readLog(carla, a.conversation)).map((entry) => entry.seq)).toEqual([1, 2])
  socket.close()
})

test('a revoked device loses socket, token, key packages and its leaf before the next message', async () => {
  const [a, b] = await foundGroup(alice, [bob])
  if (a === undefined || b === undefined) throw new Error('seats')
  const tablet = await createFurtherDevice(chat, bob.vault)
  const { seat } = await joinExternally(tablet, a.conversation)
  const [fromTablet, fromAlice] = [await connect(tablet), await connect(alice)]
  await send(fromTablet, await sealed(seat, 'last words'))
  chat.revoke({
    kind: 'device-revoked',
    account: tablet.account,
    device: tablet.device,
    at: Date.now(),
    statement: revokeStatement(tablet),
  })
  const started = Date.now()
  await closed(fromTablet)
  expect(Date.now() - started).toBeLessThan(5000)
  expect(fromTablet.of('refused').at(-1)).toMatchObject({ code: 'unauthenticated' })
  expect(
    (await call(chat, 'POST', '/api/chat/sync', { as: tablet, body: { since: 0, cursors: [] } })).status,
  ).toBe(401)
  await expect(connect(tablet)).rejects.toThrow()
  await chat.chat.pollRevocations()
  await catchUp(a)
  expect(await send(fromAlice, await sealed(a, 'too early'))).toMatchObject({ error: 'commit-required' })
  await applyLastNotice(a)
  expect((await commit(a, {})).status).toBe(200)
  expect(await send(fromAlice, await sealed(a, 'without the tablet'))).toMatchObject({ error: undefined })
  const { rows } = await chat.owner.query(
    'select (select count(*) from key_package where device = $1) as packages, (select count(*) from leaf where device = $1) as leaves',
    [Buffer.from(tablet.device, 'base64url').toString('hex')],
  )
  expect(rows).toEqual([{ packages: 0, leaves: 0 }])
  fromAlice.close()
})

test('what was revoked stays revoked over a restart', async () => {
  const dora = await createPerson(chat)
  chat.revoke({
    kind: 'device-revoked',
    account: dora.account,
    device: dora.device,
    at: Date.now(),
    statement: revokeStatement(dora),
  })
  await chat.chat.pollRevocations()
  const restarted = await startTestChat({ database: chat.database })
  expect((await call(restarted, 'GET', '/api/chat/contacts', { as: dora })).status).toBe(401)
  expect((await call(restarted, 'GET', '/api/chat/contacts', { as: alice })).status).toBe(200)
  await restarted.close()
})

test('a device whose key packages are uploaded after its revocation stays unreachable', async () => {
  const dora = await createPerson(chat)
  const later = await createFurtherDevice(chat, dora.vault)
  chat.revoke({ kind: 'account-disabled', account: dora.account, at: Date.now() })
  await chat.chat.pollRevocations()
  const { rows } = await chat.owner.query('select revoked from device where device = any ($1::uuid[])', [
    [dora, later].map((each) => Buffer.from(each.device, 'base64url').toString('hex')),
  ])
  expect(rows).toEqual([{ revoked: true }, { revoked: true }])
})
