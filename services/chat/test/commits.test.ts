import { randomId } from '@brieftaube/encryption'
import {
  decodeWelcomes,
  encodeGroupCreation,
  decodeGroupCreation,
  type ConversationId,
} from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  call,
  catchUp,
  claim,
  commit,
  commitOf,
  connect,
  contact,
  createFurtherDevice,
  createPerson,
  foundGroup,
  joinExternally,
  postCommit,
  prepareCreation,
  readLog,
  sealed,
  send,
  takeSeat,
  type Person,
} from './test-people.ts'
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
  await befriend(bob, carla)
})
afterAll(() => chat.close())

test('of 20 commits at once exactly one wins, the others learn the head, and all converge', async () => {
  const others = [bob, carla, ...(await Promise.all(Array.from({ length: 17 }, () => createPerson(chat))))]
  for (const other of others.slice(2)) await befriend(alice, other)
  const seats = await foundGroup(alice, others)
  expect(seats).toHaveLength(20)
  const bundles = await Promise.all(seats.map((seat) => commitOf(seat, {})))
  const answers = await Promise.all(
    seats.map((seat, index) => postCommit(seat, bundles[index]?.bundle ?? Object.create(null))),
  )
  const winners = answers.filter((answer) => answer.status === 200)
  expect(winners).toHaveLength(1)
  const losers = answers.filter((answer) => answer.status !== 200)
  for (const loser of losers)
    expect(loser).toMatchObject({
      status: 409,
      json: { code: 'stale-epoch', head: { generation: 0, epoch: 2, seq: 2 } },
    })
  const winner = answers.findIndex((answer) => answer.status === 200)
  for (const [index, seat] of seats.entries()) {
    if (index === winner) seat.state = bundles[index]?.next ?? seat.state
    else await catchUp(seat)
    expect(seat.state.epoch).toBe(2)
  }
})

test('the same commit again gets the old answer, other bytes under its counter a conflict', async () => {
  const [a] = await foundGroup(alice, [bob])
  if (a === undefined) throw new Error('seat')
  const { bundle, next } = await commitOf(a, {})
  const first = await postCommit(a, bundle)
  expect(first.status).toBe(200)
  expect(await postCommit(a, bundle)).toEqual(first)
  a.state = next
  const second = await commitOf(a, {})
  const answer = await postCommit(a, { ...second.bundle, counter: bundle.counter })
  expect(answer).toMatchObject({ status: 409, json: { code: 'conflict' } })
})

test('a Welcome is handed out only after its commit won', async () => {
  const [a, b] = await foundGroup(alice, [bob])
  if (a === undefined || b === undefined) throw new Error('seats')
  const adds = await claim(alice, [carla.account])
  const losing = await commitOf(a, { adds })
  expect((await commit(b, {})).status).toBe(200)
  expect((await postCommit(a, losing.bundle)).status).toBe(409)
  const waiting = () =>
    call(chat, 'GET', '/api/chat/welcomes', { as: carla }).then((answer) =>
      decodeWelcomes(answer.bytes).filter((each) => each.conversation === a.conversation),
    )
  expect(await waiting()).toEqual([])
  await catchUp(a)
  const socket = await connect(carla)
  expect((await commit(a, { adds: await claim(alice, [carla.account]) })).status).toBe(200)
  await expect.poll(() => socket.of('welcome')).toHaveLength(1)
  expect(await waiting()).toMatchObject([{ generation: 0, epoch: 3, seq: 3 }])
  const c = await takeSeat(carla, a.conversation)
  expect(await waiting()).toEqual([])
  expect(await send(socket, await sealed(c, 'here'))).toMatchObject({ error: undefined, seq: 4 })
  socket.close()
})

test('only accepted contacts are let in, only by whom the policy allows', async () => {
  const stranger = await createPerson(chat)
  await befriend(bob, stranger)
  const [a, b] = await foundGroup(alice, [bob])
  if (a === undefined || b === undefined) throw new Error('seats')
  const adds = await claim(bob, [stranger.account])
  expect(await commit(a, { adds })).toMatchObject({ status: 403, json: { code: 'not-a-contact' } })
  expect(
    await call(chat, 'POST', '/api/chat/key-packages/claim', {
      as: alice,
      body: { accounts: [stranger.account], suite: 1 },
    }),
  ).toMatchObject({ status: 403, json: { code: 'not-a-contact' } })
})

test('a bundle whose parts do not belong together is refused', async () => {
  const [a, b] = await foundGroup(alice, [bob])
  if (a === undefined || b === undefined) throw new Error('seats')
  const { bundle } = await commitOf(a, {})
  const foreign = await commitOf(b, {})
  const withAdd = await commitOf(a, { adds: await claim(alice, [carla.account]) })
  const refused = { status: 422, json: { code: 'commit-refused' } }
  expect(await postCommit(a, { ...bundle, groupInfo: foreign.bundle.groupInfo })).toMatchObject(refused)
  expect(await postCommit(a, { ...bundle, groupInfo: withAdd.bundle.groupInfo })).toMatchObject(refused)
  expect(await postCommit(a, { ...bundle, welcome: withAdd.bundle.welcome })).toMatchObject(refused)
  expect(await postCommit(a, { ...withAdd.bundle, welcome: new Uint8Array(0) })).toMatchObject({
    status: 400,
  })
  expect(await postCommit({ ...a, person: { ...bob, counter: 900 } }, bundle)).toMatchObject(refused)
  expect(await postCommit(a, { ...bundle, epoch: 9 })).toMatchObject(refused)
  expect(await postCommit(a, { ...bundle, commit: bundle.commit.slice(1) })).toMatchObject({
    status: 400,
    json: { code: 'malformed' },
  })
  expect((await postCommit(a, bundle)).status).toBe(200)
})

test('an external commit brings in a further device of a member and nobody else', async () => {
  const [a, b] = await foundGroup(alice, [bob])
  if (a === undefined || b === undefined) throw new Error('seats')
  const tablet = await createFurtherDevice(chat, bob.vault)
  const { answer, seat } = await joinExternally(tablet, a.conversation)
  expect(answer).toMatchObject({ status: 200, json: { epoch: 2, seq: 2 } })
  expect((await readLog(alice, a.conversation)).at(-1)).toMatchObject({
    kind: 'external-commit',
    device: tablet.device,
  })
  const socket = await connect(tablet)
  expect(await send(socket, await sealed(seat, 'from the tablet'))).toMatchObject({
    error: undefined,
    seq: 3,
  })
  expect(
    await call(chat, 'GET', `/api/chat/conversations/${a.conversation}/group-info`, { as: carla }),
  ).toMatchObject({ status: 404 })
  socket.close()
})

test('a removed member reads until its removal, sends nothing more and sees no later entry', async () => {
  const [a, b, c] = await foundGroup(alice, [bob, carla])
  if (a === undefined || b === undefined || c === undefined) throw new Error('seats')
  const [fromAlice, toCarla] = [await connect(alice), await connect(carla)]
  await send(fromAlice, await sealed(a, 'for all three'))
  expect((await commit(a, { removes: [c.state.ownLeaf] })).status).toBe(200)
  await send(fromAlice, await sealed(a, 'without carla'))
  expect((await readLog(carla, a.conversation)).map((entry) => entry.seq)).toEqual([1, 2, 3])
  expect((await readLog(carla, a.conversation, 'before=99')).map((entry) => entry.seq)).toEqual([1, 2, 3])
  await expect.poll(() => toCarla.entries.map((entry) => entry.seq)).toEqual([2, 3])
  expect(await send(toCarla, await sealed(c, 'still there?'))).toMatchObject({ error: 'not-found', seq: 0 })
  expect((await commit(c, {})).status).toBe(404)
  // back again: what happened in between stays unseen
  expect((await commit(a, { adds: await claim(alice, [carla.account]) })).status).toBe(200)
  expect((await readLog(carla, a.conversation)).map((entry) => entry.seq)).toEqual([1, 2, 3, 5])
  expect((await readLog(carla, a.conversation, 'before=6&limit=2')).map((entry) => entry.seq)).toEqual([3, 5])
  fromAlice.close()
  toCarla.close()
})

test('a pair has one direct conversation, and a repeated creation gets the old answer', async () => {
  const [dora, emil] = await Promise.all([createPerson(chat), createPerson(chat)])
  const create = async (from: Person, to: Person, conversation = randomId<ConversationId>()) => {
    const { bytes } = await prepareCreation(from, [to], { conversation, kind: 'direct' })
    return { bytes, answer: await call(chat, 'POST', '/api/chat/conversations', { as: from, bytes }) }
  }
  await befriend(dora, emil)
  const first = await create(dora, emil)
  expect(first.answer.status).toBe(200)
  expect(await call(chat, 'POST', '/api/chat/conversations', { as: dora, bytes: first.bytes })).toEqual(
    first.answer,
  )
  expect((await create(emil, dora)).answer).toMatchObject({ status: 409, json: { code: 'conflict' } })
  const found = await call(chat, 'GET', `/api/chat/direct/${dora.account}`, { as: emil })
  expect(found.json).toEqual({ conversation: first.answer.json.conversation })
  await contact(emil, dora, 'remove')
  const { groupInfo, conversation } = decodeGroupCreation(first.bytes)
  const again = await call(chat, 'POST', '/api/chat/conversations', {
    as: emil,
    bytes: encodeGroupCreation({ conversation, groupInfo, firstCommit: undefined }),
  })
  expect(again.status).toBe(422)
})

test('a reset begins the next generation with the same accounts and refuses further ones', async () => {
  const [a, b] = await foundGroup(alice, [bob])
  if (a === undefined || b === undefined) throw new Error('seats')
  const socket = await connect(bob)
  const path = `/api/chat/conversations/${a.conversation}/resets`
  const withCarla = await prepareCreation(alice, [bob, carla], {
    conversation: a.conversation,
    kind: 'group',
    generation: 1,
  })
  expect(await call(chat, 'POST', path, { as: alice, bytes: withCarla.bytes })).toMatchObject({ status: 422 })
  const next = await prepareCreation(alice, [bob], {
    conversation: a.conversation,
    kind: 'group',
    generation: 1,
  })
  const answer = await call(chat, 'POST', path, { as: alice, bytes: next.bytes })
  expect(answer).toMatchObject({ status: 200, json: { generation: 1, epoch: 1, seq: 3 } })
  expect(await call(chat, 'POST', path, { as: alice, bytes: next.bytes })).toEqual(answer)
  await expect.poll(() => socket.entries.map((entry) => entry.kind)).toEqual(['reset', 'commit'])
  const again = await takeSeat(bob, a.conversation)
  expect(again.state.generation).toBe(1)
  expect(await send(socket, await sealed(again, 'new generation'))).toMatchObject({
    error: undefined,
    seq: 4,
    generation: 1,
  })
  expect(await send(socket, await sealed(b, 'old generation'))).toMatchObject({
    error: 'stale-epoch',
    generation: 1,
  })
  socket.close()
})
