/** Who asks with cursors of another life of the log is told so before anything is read or written. */
import { logHeader, protocolVersion, type LogIncarnation } from '@brieftaube/protocol'
import { startTestDatabase, type TestDatabase } from '@brieftaube/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, createPerson, foundGroup, sealed, type Person } from './test-people.ts'
import { startTestChat, ticket, type TestChat } from './test-server.ts'
import { openSocket } from './test-socket.ts'

let database: TestDatabase
let chat: TestChat
let alice: Person
let before: LogIncarnation
beforeAll(async () => {
  database = await startTestDatabase()
  chat = await startTestChat({ database })
  alice = await createPerson(chat)
  before = await lifeOf()
})
afterAll(async () => {
  await chat.close()
  await database[Symbol.asyncDispose]()
})

async function lifeOf(): Promise<LogIncarnation> {
  const { status, json } = await call(chat, 'POST', '/api/chat/sync', {
    as: alice,
    body: { since: 0, cursors: [] },
    headers: { [logHeader]: 'whatever this device believes' },
  })
  expect(status).toBe(200)
  return (json as { log: LogIncarnation }).log
}

async function again(restored: boolean): Promise<void> {
  await chat.close()
  chat = await startTestChat({ database, restored })
  alice = Object.assign(alice, { chat })
}

test('an ordinary restart is the same life', async () => {
  await again(false)
  expect(await lifeOf()).toBe(before)
  const socket = await openSocket(chat.port, {
    ticket: ticket(alice),
    auth: { version: protocolVersion, log: before },
  })
  socket.close()
})

test('after a restore the old life is refused, by REST and by socket, and a new device comes in', async () => {
  const [seat] = await foundGroup(alice, [])
  if (seat === undefined) throw new Error('seat')
  await again(true)
  const now = await lifeOf()
  expect(now).not.toBe(before)
  const log = `/api/chat/conversations/${seat.conversation}/log?after=0`
  const old = await call(chat, 'GET', log, { as: alice, headers: { [logHeader]: before } })
  expect([old.status, old.json]).toMatchObject([409, { code: 'log-restored' }])
  for (const headers of [{ [logHeader]: now }, {}])
    expect((await call(chat, 'GET', log, { as: alice, headers })).status).toBe(200)

  const connect = (auth: object) =>
    openSocket(chat.port, { ticket: ticket(alice), auth: { version: protocolVersion, ...auth } })
  await expect(connect({ log: before })).rejects.toMatchObject({ body: { code: 'log-restored' } })
  await expect(connect({ log: 'nonsense' })).rejects.toMatchObject({ body: { code: 'malformed' } })
  for (const auth of [{ log: now }, {}]) (await connect(auth)).close()
  await sealed(seat, 'the state outlives the server')
})
