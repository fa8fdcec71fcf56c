import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  call,
  commit,
  connect,
  createFurtherDevice,
  createPerson,
  foundGroup,
  readLog,
  sealed,
  send,
  type Person,
} from './test-people.ts'
import { startTestChat, type TestChat } from './test-server.ts'

let chat: TestChat
let alice: Person
let bob: Person
beforeAll(async () => {
  chat = await startTestChat()
  ;[alice, bob] = await Promise.all([createPerson(chat), createPerson(chat)])
  await befriend(alice, bob)
})
afterAll(() => chat.close())

interface Cursor {
  readonly conversation: string
  readonly generation: number
  readonly seq: number
}
const sync = async (as: Person, cursors: Cursor[] = [], since = 0) =>
  (await call(chat, 'POST', '/api/chat/sync', { as, body: { since, cursors } })).json

test('sync names exactly what stands beyond the cursors, what is gone and what is not joined', async () => {
  const [a, b] = await foundGroup(alice, [bob])
  const [quiet] = await foundGroup(alice, [bob])
  const [left, leftBob] = await foundGroup(alice, [bob])
  if (
    a === undefined ||
    b === undefined ||
    quiet === undefined ||
    left === undefined ||
    leftBob === undefined
  )
    throw new Error('seats')
  const socket = await connect(alice)
  await send(socket, await sealed(a, 'new'))
  await commit(left, { removes: [leftBob.state.ownLeaf] })
  const cursors = [a, quiet, left].map((seat) => ({ conversation: seat.conversation, generation: 0, seq: 1 }))
  const answer = await sync(bob, cursors)
  expect(answer.conversations).toEqual([
    {
      conversation: a.conversation,
      kind: 'group',
      generation: 0,
      epoch: 1,
      seq: 2,
      fromSeq: 1,
      joined: true,
      suite: 1,
    },
  ])
  expect(answer.gone).toEqual([left.conversation])
  expect((await sync(bob)).conversations).toHaveLength(2)
  const tablet = await createFurtherDevice(chat, bob.vault)
  const fromTablet = await sync(tablet, [{ conversation: quiet.conversation, generation: 0, seq: 1 }])
  expect(fromTablet.conversations.map((each: { joined: boolean }) => each.joined)).toEqual([false, false])
  socket.close()
})

test('cards are kept by version, told to the own devices and come back by sync', async () => {
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const socket = await connect(alice)
  const put = (version: number, card: string, as = alice) =>
    call(chat, 'PUT', `/api/chat/conversations/${a.conversation}/card`, { as, body: { version, card } })
  const { now } = await sync(alice)
  expect((await put(1, 'AAAA')).status).toBe(204)
  expect(await put(1, 'BBBB')).toMatchObject({ status: 409, json: { code: 'conflict' } })
  expect((await put(3, 'BBBB')).status).toBe(409)
  expect((await put(2, 'BBBB')).status).toBe(204)
  expect((await put(3, '-')).status).toBe(400)
  expect((await put(1, 'CCCC', bob)).status).toBe(404)
  await expect
    .poll(() => socket.of('card'))
    .toEqual([1, 2].map((version) => ({ conversation: a.conversation, version })))
  expect((await sync(alice, [], now)).cards).toEqual([
    { conversation: a.conversation, version: 2, card: 'BBBB' },
  ])
  socket.close()
})

test('pages begin and end where they are asked to', async () => {
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const socket = await connect(alice)
  for (let n = 1; n <= 7; n++) await send(socket, await sealed(a, String(n)))
  const seqs = async (query: string) =>
    (await readLog(alice, a.conversation, query)).map((entry) => entry.seq)
  expect(await seqs('after=0&limit=3')).toEqual([1, 2, 3])
  expect(await seqs('after=5')).toEqual([6, 7])
  expect(await seqs('after=7')).toEqual([])
  expect(await seqs('after=700')).toEqual([])
  expect(await seqs('before=8&limit=2')).toEqual([6, 7])
  expect(await seqs('before=4')).toEqual([1, 2, 3])
  expect(await seqs('before=1')).toEqual([])
  expect(await seqs('before=1000&limit=1')).toEqual([7])
  for (const bad of [
    '',
    'after=0&before=2',
    'after=-1',
    'after=0&limit=0',
    'after=0&limit=201',
    'after=0&more=1',
    'after=x',
    'after=1&after=2',
  ]) {
    const answer = await call(chat, 'GET', `/api/chat/conversations/${a.conversation}/log?${bad}`, {
      as: alice,
    })
    expect(answer.status, bad).toBe(400)
  }
  socket.close()
})

test('an account with a thousand conversations is synced by one request that names only what moved', async () => {
  const heavy = await createPerson(chat)
  const [seat] = await foundGroup(heavy, [])
  if (seat === undefined) throw new Error('seat')
  const ids = await chat.owner.query<{ id: string }>(
    `
    with made as (insert into conversation select gen_random_uuid(), 1, 1, roster, group_info, 0 from conversation, generate_series(1, 1000)
      where id = $1 returning id),
    heads as (insert into head select id, 0, 0, 5, decode(repeat('00', 32), 'hex') from made),
    seats as (insert into leaf select $3, id, $2 from made)
    insert into membership select $2, id, 1 from made returning conversation as id`,
    [
      Buffer.from(seat.conversation, 'base64url').toString('hex'),
      Buffer.from(heavy.account, 'base64url').toString('hex'),
      Buffer.from(heavy.device, 'base64url').toString('hex'),
    ],
  )
  const cursors = ids.rows.map(({ id }) => ({
    conversation: Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url'),
    generation: 0,
    seq: 5,
  }))
  await sync(heavy, cursors)
  const started = performance.now()
  const answer = await sync(
    heavy,
    cursors.map((cursor, index) => (index < 3 ? { ...cursor, seq: 4 } : cursor)),
  )
  expect(performance.now() - started).toBeLessThan(2000)
  // three beyond their cursor, and the first conversation without one
  expect(answer.conversations).toHaveLength(4)
})
