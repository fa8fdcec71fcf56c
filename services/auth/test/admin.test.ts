/** The administrator's commands beside the running service. */
import { authRoutes, sessionSchema } from '@brieftaube/protocol'
import { administer, type CommandResult } from '@brieftaube/auth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logIn, signUp, type Person } from './test-people.ts'
import { send, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let alice: Person
beforeAll(async () => {
  server = await startTestServer({ registration: 'invite-only' })
  const admin = await run('admin-link')
  alice = await signUp(server, 'alice', { invite: admin.lines[0]?.split('/').at(-1) })
})
afterAll(() => server.close())

function run(...words: string[]): Promise<CommandResult> {
  const { database, secrets } = server.config
  return administer(words, { database, sealingKey: secrets.sealingKey, address: 'https://chat.example.org' })
}

async function invited(name: string): Promise<Person> {
  const { lines } = await run('invite', 'create')
  return signUp(server, name, { invite: lines[0]?.split('/').at(-1) })
}

test('a link invites as many people as it says, and is listed until it is withdrawn', async () => {
  const made = await run('invite', 'create', '--uses', '2', '--days', '3')
  expect(made.code).toBe(0)
  expect(made.lines[0]).toMatch(/^https:\/\/chat\.example\.org\/invite\/[A-Za-z0-9_-]{22}$/)
  expect(made.lines[1]).toMatch(/^It works 2 times, until \d{4}-/)
  const link = made.lines[0] ?? ''
  expect((await run('invites')).lines.join('\n')).toContain(`${link}  2`)
  await signUp(server, 'erste', { invite: link.split('/').at(-1) })
  expect((await run('invites')).lines.join('\n')).toContain(`${link}  1`)
  expect((await run('invite', 'remove', link)).code).toBe(0)
  expect(await run('invites')).toEqual({ code: 0, lines: ['There is none.'] })
  expect((await run('invite', 'remove', link)).code).toBe(1)
})

test('a disabled account is out at once, hears why, and comes back when it is enabled', async () => {
  const bob = await invited('bob')
  const token = bob.session.accessToken
  expect((await send(server, authRoutes.deviceList, { token })).status).toBe(200)
  expect(await run('disable', 'bob')).toMatchObject({ code: 0 })
  await expect
    .poll(async () => (await send(server, authRoutes.deviceList, { token })).status, { timeout: 5000 })
    .toBe(401)
  const refreshed = await send(server, authRoutes.tokenRefresh, { refresh: bob.refresh })
  expect([refreshed.status, refreshed.json()['code']]).toEqual([403, 'account-disabled'])
  const refused = await logIn(server, 'bob', bob.password)
  expect(refused.kind === 'refused' && refused.reply.json()['code']).toBe('account-disabled')
  expect(await logIn(server, 'bob', 'not the password')).toEqual({ kind: 'wrong-password' })
  expect((await run('accounts')).lines.find((line) => line.startsWith('bob'))).toContain('disabled')
  expect((await run('disable', 'bob')).lines[0]).toMatch(/^Nothing to do/)

  expect((await run('enable', 'bob')).code).toBe(0)
  expect((await logIn(server, 'bob', bob.password)).kind).toBe('in')
  expect((await send(server, authRoutes.tokenRefresh, { refresh: bob.refresh })).status).toBe(401)
})

test('nobody else notices', async () => {
  await invited('carla')
  await run('disable', 'carla')
  const token = alice.session.accessToken
  expect((await send(server, authRoutes.deviceList, { token })).status).toBe(200)
})

test('who is made an administrator has the rights with the next token, without logging in', async () => {
  const dora = await invited('dora')
  const roleOf = async (refresh: string) => {
    const reply = await send(server, authRoutes.tokenRefresh, { refresh })
    return { refresh: reply.refresh ?? '', session: sessionSchema.parse(reply.json()) }
  }
  expect((await run('make-admin', 'dora')).code).toBe(0)
  const made = await roleOf(dora.refresh)
  expect(made.session.role).toBe('admin')
  const { accessToken: token } = made.session
  expect((await send(server, authRoutes.inviteList, { token })).status).toBe(200)
  expect((await run('unmake-admin', 'dora')).code).toBe(0)
  await expect
    .poll(async () => (await send(server, authRoutes.inviteList, { token })).status, { timeout: 5000 })
    .toBe(401)
  expect((await roleOf(made.refresh)).session.role).toBe('user')
})

test('the last administrator stays one', async () => {
  for (const change of ['disable', 'unmake-admin'])
    expect(await run(change, 'alice')).toEqual({
      code: 1,
      lines: ['alice is the last administrator; make another one first.'],
    })
  expect(await run('admin-link')).toMatchObject({ code: 1 })
})

test('storage is told by table, and nothing that people wrote', async () => {
  const { code, lines } = await run('storage')
  expect(code).toBe(0)
  expect(lines.some((line) => line.startsWith('auth.account '))).toBe(true)
  expect(lines.at(-1)).toMatch(/^together +\d/)
})

test.each([
  ['nonsense'],
  ['disable'],
  ['invite', 'create', '--uses', '0'],
  ['invite', 'create', '--days', 'x'],
])('what makes no sense is answered with the list of commands: %s', async (...words) => {
  const { code, lines } = await run(...words)
  expect(code).toBe(2)
  expect(lines.join('\n')).toContain('invite create')
})

test('an unknown name is said to be unknown', async () => {
  expect(await run('disable', 'niemand')).toEqual({ code: 1, lines: ['There is no account "niemand".'] })
})
