/** What somebody with an account, a real device and no scruples can try. */
import {
  applyNotice,
  createDevice,
  createGroup,
  createKeyPackage,
  createVault,
  makeGroupInfo,
  randomId,
} from '@brieftaube/encryption'
import {
  encodeGroupCreation,
  idToBytes,
  limits,
  serverDevice,
  socketPath,
  toServer,
  type Append,
  type ConversationId,
  type DeviceId,
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
  createFurtherDevice,
  createPerson,
  foundGroup,
  leaveStatement,
  ok,
  postCommit,
  prepareCreation,
  readLog,
  revokeStatement,
  sealed,
  send,
  type Person,
} from './test-people.ts'
import { generous, origin, startTestChat, type TestChat } from './test-server.ts'

let chat: TestChat
let alice: Person
let bob: Person
let mallory: Person
beforeAll(async () => {
  chat = await startTestChat({ lanes: 1 })
  ;[alice, bob, mallory] = await Promise.all([createPerson(chat), createPerson(chat), createPerson(chat)])
  await befriend(alice, mallory)
  await befriend(bob, mallory)
  await befriend(alice, bob)
})
afterAll(() => chat.close())

const uuid = (id: DeviceId | ConversationId) => Buffer.from(idToBytes(id)).toString('hex')

async function knownLeaves(device: DeviceId): Promise<number> {
  const { rows } = await chat.owner.query('select 1 from leaf where device = $1', [uuid(device)])
  return rows.length
}

function withGeneration(message: Append, generation: number): Append {
  const mls = Buffer.from(message.mls)
  const at = mls.indexOf(Buffer.from(idToBytes(message.conversation)))
  mls.writeUInt32BE(generation, at + 16)
  return { ...message, generation, mls: Uint8Array.from(mls) }
}

test('a number that no column holds does not hold up the lane', async () => {
  const [a] = await foundGroup(mallory, [bob])
  if (a === undefined) throw new Error('seat')
  const socket = await connect(mallory)
  const started = Date.now()
  for (const generation of [1, 2 ** 31, 2 ** 32 - 1]) {
    const answer = await send(socket, withGeneration(await sealed(a, 'poison'), generation))
    expect(answer).toMatchObject({ error: 'stale-epoch', generation: 0, epoch: 1 })
  }
  expect(await send(socket, await sealed(a, 'honest'))).toMatchObject({ error: undefined })
  expect(Date.now() - started).toBeLessThan(4000)
  socket.close()
})

test('a made-up device of another account gets no leaf', async () => {
  const conversation = randomId<ConversationId>()
  const { vault } = await createVault(alice.account, new Uint8Array(64).fill(9))
  const device = createDevice(vault, randomId<DeviceId>(), Date.now())
  const fake = await createKeyPackage(device, { suite: 'x25519-128', kind: 'one-time', nowMs: Date.now() })
  const members = { kind: 'group' } as const
  const suite = 'x25519-128'
  const state = await createGroup(mallory.keys, {
    conversation,
    generation: 0,
    suite,
    nowMs: Date.now(),
    members,
  })
  const groupInfo = await makeGroupInfo(state)
  const seat = { person: mallory, conversation, state }
  const { bundle } = await commitOf(seat, { adds: [...(await claim(mallory, [bob.account])), fake.bytes] })
  const bytes = encodeGroupCreation({ conversation, groupInfo, firstCommit: bundle })
  const answer = await call(chat, 'POST', '/api/chat/conversations', { as: mallory, bytes })
  expect(answer).toMatchObject({ status: 422, json: { code: 'commit-refused' } })
  expect(await knownLeaves(device.device)).toBe(0)
})

test('a device that was revoked between claim and commit gets no leaf', async () => {
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const tablet = await createFurtherDevice(chat, bob.vault)
  const adds = await claim(alice, [bob.account])
  const at = Date.now()
  const { account, device } = tablet
  chat.revoke({ kind: 'device-revoked', account, device, at, statement: revokeStatement(tablet) })
  await chat.chat.pollRevocations()
  expect(await commit(a, { adds })).toMatchObject({ status: 422, json: { code: 'commit-refused' } })
  expect(await knownLeaves(device)).toBe(0)
  expect((await commit(a, { adds: await claim(alice, [bob.account]) })).status).toBe(200)
})

/** The same Add again and again, as far as the bundle reaches. */
function repeatAdd(commit: Uint8Array, keyPackage: Uint8Array, times: number): Uint8Array<ArrayBuffer> {
  const inner = Buffer.from(keyPackage.subarray(4))
  const start = Buffer.from(commit).indexOf(inner) - 3
  const add = Buffer.from(commit.subarray(start, start + 3 + inner.length))
  const length = Buffer.alloc(4)
  length.writeUInt32BE((0x80000000 + add.length * times) >>> 0)
  const adds = Array.from({ length: times }, () => add)
  const parts = [commit.subarray(0, start - 2), length, ...adds, commit.subarray(start + add.length)]
  return Uint8Array.from(Buffer.concat(parts))
}

test('a commit of a thousand unfit Adds costs no thousand signatures', async () => {
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const [add] = await claim(alice, [mallory.account])
  if (add === undefined) throw new Error('key package')
  const { bundle } = await commitOf(a, { adds: [add] })
  const commit = repeatAdd(bundle.commit, add, 1500)
  const started = Date.now()
  const welcome = bundle.welcome
  const answer = await postCommit(a, { ...bundle, commit, welcome })
  expect(answer.status).toBe(422)
  expect(Date.now() - started).toBeLessThan(2000)
})

test('a member that is no admin resets nobody out and itself not up', async () => {
  const [a] = await foundGroup(alice, [mallory, bob])
  if (a === undefined) throw new Error('seat')
  const { conversation } = a
  const reset = async (others: Person[]) => {
    const next = await prepareCreation(mallory, others, { conversation, kind: 'group', generation: 1 })
    return call(chat, 'POST', `/api/chat/conversations/${conversation}/resets`, {
      as: mallory,
      bytes: next.bytes,
    })
  }
  for (const others of [[], [bob], [bob, alice]])
    expect(await reset(others)).toMatchObject({ status: 422, json: { code: 'commit-refused' } })
})

test('one revocation that cannot be written does not keep the others', async () => {
  const [a] = await foundGroup(alice, [])
  if (a === undefined) throw new Error('seat')
  const people = [await createFurtherDevice(chat, alice.vault), await createFurtherDevice(chat, bob.vault)]
  expect((await commit(a, { adds: await claim(alice, [alice.account]) })).status).toBe(200)
  // the place of the notice is taken
  await chat.owner.query(
    `insert into entry (conversation, seq, generation, epoch, kind, device, counter, at, mls, body)
      values ($1, 99, 0, 0, 0, $2, 2, 0, '', '')`,
    [uuid(a.conversation), uuid(serverDevice)],
  )
  for (const each of people) {
    const { account, device } = each
    chat.revoke({ kind: 'device-revoked', account, device, at: Date.now(), statement: revokeStatement(each) })
  }
  await expect(chat.chat.pollRevocations()).rejects.toThrow()
  const revoked = async () => {
    const devices = people.map((each) => uuid(each.device))
    const { rows } = await chat.owner.query('select device from revocation where device = any ($1::uuid[])', [
      devices,
    ])
    return rows.length
  }
  expect(await revoked()).toBe(1)
  await chat.owner.query('delete from entry where conversation = $1 and seq = 99', [uuid(a.conversation)])
  await chat.chat.pollRevocations()
  expect(await revoked()).toBe(2)
})

test('an old wish to leave does not serve against somebody who came back', async () => {
  const [a, m, b] = await foundGroup(alice, [mallory, bob])
  if (a === undefined || m === undefined || b === undefined) throw new Error('seats')
  const { conversation } = a
  const statement = leaveStatement(b)
  const leave = `/api/chat/conversations/${conversation}/leave`
  expect((await call(chat, 'POST', leave, { as: bob, body: { statement } })).status).toBe(204)
  const notice = (await readLog(alice, conversation)).at(-1)?.mls ?? new Uint8Array(0)
  a.state = ok(applyNotice(a.state, notice)).state
  expect((await commit(a, {})).status).toBe(200)
  expect((await commit(a, { adds: await claim(alice, [bob.account]) })).status).toBe(200)
  m.state = ok(applyNotice(m.state, notice)).state
  await catchUp(m)
  // mallory, no admin, takes the signed notice for a reason to remove bob once more
  m.state = ok(applyNotice(m.state, notice)).state
  expect(await commit(m, {})).toMatchObject({ status: 422, json: { code: 'commit-refused' } })
  expect(
    await call(chat, 'GET', `/api/chat/conversations/${conversation}/group-info`, { as: bob }),
  ).toMatchObject({ status: 200 })
})

test('an account has so many conversations and no more', async () => {
  const dora = await createPerson(chat)
  await foundGroup(dora, [])
  await chat.owner.query(
    `insert into membership (account, conversation, from_seq) select $1, gen_random_uuid(), 1 from generate_series(1, $2)`,
    [Buffer.from(idToBytes(dora.account)).toString('hex'), limits.conversationsPerAccount - 1],
  )
  const conversation = randomId<ConversationId>()
  const { bytes } = await prepareCreation(dora, [], { conversation, kind: 'group' })
  const answer = await call(chat, 'POST', '/api/chat/conversations', { as: dora, bytes })
  expect(answer).toMatchObject({ status: 409, json: { code: 'quota-exceeded' } })
})

test('events that ask the database are metered by device', async () => {
  const socketEvent = { burst: 5, refillMs: 60_000, whenUncounted: 'local' } as const
  const strict = await startTestChat({ rates: { ...generous, socketEvent } })
  const dora = await createPerson(strict)
  const socket = await connect(dora)
  for (let index = 0; index < 8; index++)
    socket.emit(toServer.openConversation, { conversation: randomId<ConversationId>() })
  await expect.poll(() => socket.of('refused').length).toBe(8)
  const codes = socket.of('refused').map((each) => (each as { code: string }).code)
  expect(codes.filter((code) => code === 'rate-limited')).toHaveLength(3)
  socket.close()
  await strict.close()
})

test('the socket’s path answers plain requests with our headers', async () => {
  const response = await fetch(`${chat.url}${socketPath}/?EIO=4&transport=polling`, { headers: { origin } })
  expect(response.status).toBe(400)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})
