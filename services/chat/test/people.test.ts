import { createKeyPackage, randomId } from '@brieftaube/encryption'
import {
  decodeClaimedKeyPackages,
  encodeKeyPackageUpload,
  limits,
  rates,
  suites,
  type AccountId,
} from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  befriend,
  call,
  claim,
  connect,
  contact,
  createFurtherDevice,
  createPerson,
  uploadPackages,
  type Person,
} from './test-people.ts'
import { generous, startTestChat, type TestChat } from './test-server.ts'

let chat: TestChat
beforeAll(async () => {
  chat = await startTestChat({ rates: { ...generous, keyPackageClaim: rates.keyPackageClaim } })
})
afterAll(() => chat.close())

const people = (count: number) => Promise.all(Array.from({ length: count }, () => createPerson(chat)))
const stateOf = async (person: Person, other: Person): Promise<string | undefined> => {
  const { json } = await call(chat, 'GET', '/api/chat/contacts', { as: person })
  return json.contacts.find((each: { account: string }) => each.account === other.account)?.state
}
async function pair(): Promise<[Person, Person]> {
  const [a, b] = await people(2)
  if (a === undefined || b === undefined) throw new Error('people')
  return [a, b]
}

test('a request waits until it is accepted, and both are told', async () => {
  const [alice, bob] = await pair()
  const socket = await connect(bob)
  expect((await contact(alice, bob, 'request')).json.contact).toMatchObject({
    account: bob.account,
    state: 'outgoing',
  })
  await expect.poll(() => socket.of('contacts')).toEqual([{ version: 1 }])
  expect([await stateOf(alice, bob), await stateOf(bob, alice)]).toEqual(['outgoing', 'incoming'])
  expect((await contact(alice, bob, 'accept')).status).toBe(409)
  expect((await contact(bob, alice, 'accept')).json.contact.state).toBe('accepted')
  expect(await stateOf(alice, bob)).toBe('accepted')
  expect((await contact(alice, bob, 'request')).json.contact.state).toBe('accepted')
  expect((await contact(alice, bob, 'remove')).json).toEqual({})
  expect([await stateOf(alice, bob), await stateOf(bob, alice)]).toEqual([undefined, undefined])
  socket.close()
})

test('two requests that cross make a contact', async () => {
  const [alice, bob] = await pair()
  await contact(alice, bob, 'request')
  expect((await contact(bob, alice, 'request')).json.contact.state).toBe('accepted')
})

test('whoever is declined or blocked notices nothing', async () => {
  const [alice, bob] = await pair()
  await contact(alice, bob, 'request')
  expect((await contact(bob, alice, 'decline')).status).toBe(200)
  expect([await stateOf(alice, bob), await stateOf(bob, alice)]).toEqual(['outgoing', undefined])
  const socket = await connect(alice)
  await contact(bob, alice, 'block')
  expect([await stateOf(alice, bob), await stateOf(bob, alice)]).toEqual(['outgoing', 'blocked'])
  expect((await contact(alice, bob, 'request')).json.contact.state).toBe('outgoing')
  expect((await contact(bob, alice, 'accept')).status).toBe(409)
  expect(socket.of('contacts')).toEqual([])
  await contact(bob, alice, 'unblock')
  expect(await stateOf(bob, alice)).toBe('incoming')
  socket.close()
})

test('an unknown account is not found, oneself is no contact, and open requests are bounded', async () => {
  const [alice] = await pair()
  const unknown = { account: randomId<AccountId>(), device: alice.device }
  expect(await contact(alice, unknown, 'request')).toMatchObject({ status: 404, json: { code: 'not-found' } })
  expect((await contact(alice, alice, 'request')).status).toBe(400)
  await chat.owner.query(
    `insert into contact (account, other, state, since) select $1, gen_random_uuid(), 0, 0 from generate_series(1, $2)`,
    [Buffer.from(alice.account, 'base64url').toString('hex'), limits.pendingRequestsPerAccount],
  )
  const [bob] = await pair()
  expect(await contact(alice, bob, 'request')).toMatchObject({
    status: 409,
    json: { code: 'quota-exceeded' },
  })
})

test('every key package is handed out once, then the last resort, and the device is asked for more', async () => {
  const [alice, bob] = await pair()
  await befriend(alice, bob)
  const socket = await connect(bob)
  const own = await createFurtherDevice(chat, alice.vault)
  const packages = [
    ...(await claim(alice, [bob.account])),
    ...(await claim(own, [bob.account])),
    ...(await claim(alice, [bob.account])),
  ]
  expect(new Set(packages.map((each) => Buffer.from(each).toString('hex'))).size).toBe(3)
  const [last] = await claim(alice, [bob.account])
  const [again] = await claim(alice, [bob.account])
  expect(last).toEqual(again)
  await expect.poll(() => socket.of('key-packages').length).toBeGreaterThan(0)
  expect(socket.of('key-packages')[0]).toEqual({ suite: suites.x25519, left: 2 })
  await uploadPackages(bob, 2)
  expect(
    (await call(chat, 'POST', '/api/chat/sync', { as: bob, body: { since: 0, cursors: [] } })).json
      .keyPackages,
  ).toEqual({ [suites.x25519]: 2 })
  // the own account without oneself
  expect(await claim(alice, [alice.account])).toHaveLength(1)
  socket.close()
})

test('two claimers at once never get the same one-time package', async () => {
  const [alice, bob] = await pair()
  const [carla] = await pair()
  await befriend(alice, bob)
  await befriend(carla, bob)
  await uploadPackages(bob, 10)
  const claimed = await Promise.all(
    Array.from({ length: 10 }, (_, n) => claim(n % 2 === 0 ? alice : carla, [bob.account])),
  )
  expect(new Set(claimed.map(([each]) => Buffer.from(each ?? []).toString('hex'))).size).toBe(10)
})

test('a pair of claimer and target has a limit, which drains nobody else', async () => {
  const [alice, bob] = await pair()
  const [carla] = await pair()
  await befriend(alice, bob)
  await befriend(alice, carla)
  const ask = (target: Person) =>
    call(chat, 'POST', '/api/chat/key-packages/claim', {
      as: alice,
      body: { accounts: [target.account], suite: 1 },
    })
  for (let n = 0; n < rates.keyPackageClaim.burst; n++) expect((await ask(bob)).status).toBe(200)
  expect(await ask(bob)).toMatchObject({ status: 429, json: { code: 'rate-limited' } })
  expect(decodeClaimedKeyPackages((await ask(carla)).bytes)).toHaveLength(1)
})

test('key packages of another device, another suite or without a valid certificate are refused', async () => {
  const [alice, bob] = await pair()
  const upload = async (as: Person, maker: Person, suite: number, keys = maker.keys) => {
    const { bytes } = await createKeyPackage(keys, {
      suite: 'x25519-128',
      kind: 'one-time',
      nowMs: Date.now(),
    })
    return call(chat, 'PUT', '/api/chat/key-packages', {
      as,
      bytes: encodeKeyPackageUpload({ suite, lastResort: new Uint8Array(0), oneTime: [bytes] }),
    })
  }
  expect((await upload(alice, alice, suites.x25519)).status).toBe(200)
  expect((await upload(alice, bob, suites.x25519)).status).toBe(400)
  expect((await upload(alice, alice, suites.xwing)).status).toBe(400)
  expect((await upload(alice, alice, 2)).status).toBe(400)
  const forged = {
    ...alice.keys,
    certificate: Uint8Array.from(alice.keys.certificate, (byte, index) => (index === 100 ? byte ^ 1 : byte)),
  }
  expect((await upload(alice, alice, suites.x25519, forged)).status).toBe(400)
  const old = await createKeyPackage(alice.keys, {
    suite: 'x25519-128',
    kind: 'one-time',
    nowMs: Date.now() - 200 * 24 * 3600 * 1000,
  })
  const answer = await call(chat, 'PUT', '/api/chat/key-packages', {
    as: alice,
    bytes: encodeKeyPackageUpload({ suite: 1, lastResort: old.bytes, oneTime: [] }),
  })
  expect(answer.status).toBe(400)
})
