import { createHash } from 'node:crypto'
import { advanceChain, firstLink, openMessage } from '@brieftaube/encryption'
import { encodeAppend, toServer, type Entry } from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  catchUp,
  commit,
  connect,
  createPerson,
  foundGroup,
  ok,
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
  alice = await createPerson(chat)
  bob = await createPerson(chat)
  await befriend(alice, bob)
})
afterAll(() => chat.close())

function chainOf(entries: readonly Entry[]) {
  let link = firstLink
  for (const entry of entries) link = ok(advanceChain(link, entry)).link
  return link
}

test('a message is stored, acknowledged and delivered, and the other side can open it', async () => {
  const [a, b] = await foundGroup(alice, [bob], 'direct')
  if (a === undefined || b === undefined) throw new Error('seats')
  const [from, to] = [await connect(alice), await connect(bob)]
  const answer = await send(from, await sealed(a, 'hello bob'))
  expect(answer).toMatchObject({ error: undefined, seq: 2, epoch: 1, generation: 0 })
  await expect.poll(() => to.entries.length).toBe(1)
  const entry = to.entries[0]
  expect(entry).toMatchObject({ seq: 2, kind: 'message', device: alice.device, at: answer.at })
  const opened = ok(await openMessage(b.state, entry as Entry))
  expect(new TextDecoder().decode(opened.content)).toBe('hello bob')
  expect(from.entries).toEqual([])
  expect(await readLog(bob, a.conversation)).toMatchObject([
    { seq: 1, kind: 'commit' },
    { seq: 2, kind: 'message' },
  ])
  from.close()
  to.close()
})

test('many writers at once get consecutive numbers and one chain that everybody can recompute', async () => {
  const carla = await createPerson(chat)
  await befriend(alice, carla)
  const seats = await foundGroup(alice, [bob, carla])
  const sockets = await Promise.all(seats.map((seat) => connect(seat.person)))
  const each = 60
  await Promise.all(
    seats.map(async (seat, index) => {
      for (let n = 0; n < each; n++)
        sockets[index]?.emit(toServer.append, encodeAppend(await sealed(seat, `${index}-${n}`)))
    }),
  )
  await expect
    .poll(() => sockets.reduce((sum, socket) => sum + socket.appended.length, 0), { timeout: 10_000 })
    .toBe(3 * each)
  const conversation = seats[0]?.conversation
  if (conversation === undefined) throw new Error('conversation')
  const entries = await readLog(alice, conversation)
  expect(entries.map((entry) => entry.seq)).toEqual(
    Array.from({ length: 1 + 3 * each }, (_, index) => index + 1),
  )
  const { rows } = await chat.owner.query<{ chain: Buffer; seq: number }>(
    'select chain, seq from head where conversation = $1',
    [Buffer.from(conversation, 'base64url').toString('hex')],
  )
  expect(Buffer.from(chainOf(entries).head)).toEqual(rows[0]?.chain)
  // every device saw what the others wrote, in order
  for (const socket of sockets) {
    const seqs = socket.entries.map((entry) => entry.seq)
    expect(seqs).toHaveLength(2 * each)
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
    socket.close()
  }
})

test('the same message again gets its old place and time; other bytes under its name are a conflict', async () => {
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const socket = await connect(alice)
  const message = await sealed(a, 'once')
  const first = await send(socket, message)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await send(socket, message)).toEqual(first)
  expect(
    await send(socket, { ...message, body: Uint8Array.from(message.body, (byte) => byte ^ 1) }),
  ).toMatchObject({ error: 'conflict' })
  // twice within one batch
  const other = await sealed(a, 'twice at once')
  for (let n = 0; n < 3; n++) socket.emit(toServer.append, encodeAppend(other))
  await expect.poll(() => socket.appended.filter((each) => each.counter === other.counter)).toHaveLength(3)
  expect(
    new Set(socket.appended.filter((each) => each.counter === other.counter).map((each) => each.seq)).size,
  ).toBe(1)
  expect(await readLog(alice, a.conversation)).toHaveLength(2)
  socket.close()
})

test('a message of an older epoch is refused with the head, but its repetition still finds the old answer', async () => {
  const [a, b] = await foundGroup(alice, [bob])
  if (a === undefined || b === undefined) throw new Error('seats')
  const socket = await connect(bob)
  const stored = await sealed(b, 'in time')
  const first = await send(socket, stored)
  const late = await sealed(b, 'too late')
  expect((await commit(a, {})).status).toBe(200)
  expect(await send(socket, late)).toMatchObject({ error: 'stale-epoch', generation: 0, epoch: 2, seq: 3 })
  expect(await send(socket, stored)).toEqual({ ...first, epoch: 2 })
  await catchUp(b)
  expect(await send(socket, await sealed(b, 'again'))).toMatchObject({ error: undefined, seq: 4 })
  socket.close()
})

test('a frame that claims another group or epoch than its request is malformed', async () => {
  const [a] = await foundGroup(alice, [])
  const [other] = await foundGroup(alice, [])
  if (a === undefined || other === undefined) throw new Error('seats')
  const socket = await connect(alice)
  const message = await sealed(a, 'for a')
  expect(await send(socket, { ...message, conversation: other.conversation })).toMatchObject({
    error: 'malformed',
  })
  expect(await send(socket, { ...message, epoch: 7 })).toMatchObject({ error: 'malformed' })
  expect(
    await send(socket, { ...message, mls: new Uint8Array(createHash('sha256').digest()) }),
  ).toMatchObject({ error: 'malformed' })
  expect(await send(socket, message)).toMatchObject({ error: undefined, seq: 1 })
  socket.close()
})

test(
  'a burst beyond what the lanes hold is stored in full, because the sender is not read from meanwhile',
  { timeout: 60_000 },
  async () => {
    const [a] = await foundGroup(alice, [])
    if (a === undefined) throw new Error('seat')
    const socket = await connect(alice)
    const message = await sealed(a, 'one of many')
    const count = 12_000
    for (let n = 0; n < count; n++)
      socket.emit(toServer.append, encodeAppend({ ...message, counter: 10_000 + n }))
    await expect.poll(() => socket.appended.length, { timeout: 50_000, interval: 100 }).toBe(count)
    expect(socket.appended.filter((answer) => answer.error !== undefined)).toEqual([])
    expect(socket.appended.at(-1)?.seq).toBe(count)
    socket.close()
  },
)
