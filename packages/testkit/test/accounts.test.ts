import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMemoryDisk, defineTable, openMemoryStore, put } from '@brieftaube/storage'
import type { AccountId, Bytes, ConversationId } from '@brieftaube/protocol'
import {
  befriend,
  has,
  logInElsewhere,
  signUp,
  startPerson,
  startServices,
  testPassword,
  type Person,
  type Services,
} from '@brieftaube/testkit'

let services: Services
let baseUrl: string
let alice: Person
let bob: Person
let direct: ConversationId

beforeAll(async () => {
  services = await startServices()
  baseUrl = services.url
  alice = await signUp('alice', { baseUrl })
  bob = await signUp('bob', { baseUrl })
  await befriend(alice, bob)
  direct = (await alice.call('openDirect', { account: bob.account })).conversation
  await has(bob, direct)
})

afterAll(async () => {
  await alice.stop()
  await bob.stop()
  await services[Symbol.asyncDispose]()
})

test('the recovery key is shown until its keeping is confirmed, also after a reload', async () => {
  const carla = await startPerson('carla', { baseUrl })
  const input = { userName: 'carla', displayName: 'Carla', password: testPassword, deviceName: 'x' }
  const { recoveryKey } = await carla.call('register', input)
  await expect(carla.call('confirmRecoveryKey', { lastCharacters: '????' })).rejects.toMatchObject({
    code: 'wrong-recovery-key',
  })
  await carla.restart()
  const session = await carla.until('session', {}, ({ kind }) => kind === 'confirming-recovery-key')
  expect(session).toMatchObject({ recoveryKey, userName: 'carla' })
  await carla.call('confirmRecoveryKey', { lastCharacters: recoveryKey.slice(-4).toLowerCase() })
  await carla.restart()
  await carla.until('session', {}, ({ kind }) => kind === 'signed-in')
  await carla.stop()
})

test('what cannot be registered says why', async () => {
  const other = await startPerson('other', { baseUrl })
  const input = { userName: 'alice', displayName: 'A', password: testPassword, deviceName: 'x' }
  await expect(other.call('register', input)).rejects.toMatchObject({ code: 'name-taken' })
  await expect(other.call('register', { ...input, userName: 'neu', password: 'kurz' })).rejects.toMatchObject(
    { code: 'malformed' },
  )
  await expect(
    other.call('logIn', { userName: 'alice', password: 'not her password', deviceName: 'x' }),
  ).rejects.toMatchObject({
    code: 'wrong-credentials',
  })
  await expect(
    other.call('logInWithRecoveryKey', { userName: 'alice', recoveryKey: 'ABCD-EFGH', deviceName: 'x' }),
  ).rejects.toMatchObject({ code: 'recovery-key-typo' })
  await expect(other.call('openDirect', { account: bob.account })).rejects.toMatchObject({
    code: 'not-signed-in',
  })
  await other.stop()
})

test('a changed password ends the other browser’s session, which goes on after a login with what it had', async () => {
  const laptop = await logInElsewhere(alice, { baseUrl })
  await laptop.until('conversation', { conversation: direct }, (view) => view.sendingBlocked === undefined)
  await bob.send(direct, 'vor der Änderung')
  await laptop.sees(direct, ['vor der Änderung'])
  const newPassword = 'a completely new password'
  await expect(
    alice.call('changePassword', { oldPassword: 'wrong wrong wrong', newPassword }),
  ).rejects.toMatchObject({ code: 'wrong-credentials' })
  await alice.call('changePassword', { oldPassword: testPassword, newPassword })
  await laptop.until('session', {}, (state) => state.kind === 'signed-out' && state.reason === 'expired')
  await bob.send(direct, 'währenddessen')
  await laptop.restart()
  await laptop.until('session', {}, (state) => state.kind === 'signed-out' && state.reason === 'expired')
  await laptop.call('logIn', { userName: 'alice', password: newPassword, deviceName: 'Laptop' })
  await laptop.sees(direct, ['vor der Änderung', 'währenddessen'])
  const devices = await alice.until('devices', {}, (views) => views.length === 2)
  expect(devices.filter((device) => device.current)).toHaveLength(1)
  await laptop.call('logOut', {})
  await laptop.restart()
  const after = await laptop.until('session', {}, (state) => state.kind === 'signed-out')
  expect(after).not.toHaveProperty('reason')
  await laptop.stop()
})

test('storage that the browser removed while the session survives leads to a new login, not into a loop', async () => {
  const { cookies } = bob.profile
  await bob.stop()
  const again = await startPerson('bob', { baseUrl, profile: { disk: createMemoryDisk(), cookies } })
  await again.until('session', {}, (state) => state.kind === 'signed-out' && state.reason === 'storage-lost')
  await again.call('logIn', { userName: 'bob', password: testPassword, deviceName: 'neu' })
  await again.until('devices', {}, (views) => views.length === 1)
  await again.until('conversation', { conversation: direct }, (view) => view.sendingBlocked === undefined)
  await again.send(direct, 'wieder da')
  await alice.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'wieder da'),
  )
  again.account = bob.account
  bob = again
})

test('signing out on the only device and in again keeps one in one’s conversations', async () => {
  await bob.call('logOut', {})
  await alice.send(direct, 'während bob fort ist')
  await alice.until('connection', {}, (state) => state.waiting === 0)
  await bob.call('logIn', { userName: 'bob', password: testPassword, deviceName: 'wieder' })
  await bob.until('conversation', { conversation: direct }, (view) => view.sendingBlocked === undefined)
  await bob.send(direct, 'ich bin zurück')
  await alice.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'ich bin zurück'),
  )
  await alice.send(direct, 'willkommen')
  await bob.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'willkommen'),
  )
  await alice.until(
    'conversation',
    { conversation: direct },
    ({ members }) => members.find((member) => member.account === bob.account)?.devices === 1,
  )
})

test('a changed account key stops sending until the user has accepted it', async () => {
  await alice.stop()
  const store = await openMemoryStore({ disk: alice.profile.disk })
  const pins = defineTable<[AccountId], { account: AccountId; key: Bytes; verified: boolean }>('pins')
  const pin = await store.get(pins, [bob.account])
  if (pin === undefined) throw new Error('bob is pinned')
  await store.commit([put(pins, [bob.account], { ...pin, key: new Uint8Array(32).fill(9) })])
  await store[Symbol.asyncDispose]()
  await alice.restart()
  await alice.until('conversation', { conversation: direct }, (view) => view.sendingBlocked === 'key-changed')
  await alice.send(direct, 'erst nach der Bestätigung')
  await bob.send(direct, 'lesen geht')
  await alice.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'lesen geht'),
  )
  const before = await alice.until('connection', {}, (state) => state.kind === 'online')
  expect(before.waiting).toBe(1)
  await alice.call('acceptKeyChange', { account: bob.account })
  await alice.until('connection', {}, (state) => state.waiting === 0)
  await bob.until('messages', { conversation: direct }, ({ messages }) =>
    messages.some((message) => message.kind === 'text' && message.text === 'erst nach der Bestätigung'),
  )
})

test('both see the same safety number, and verifying marks the contact', async () => {
  const { digits } = await alice.call('safetyNumber', { account: bob.account })
  const other = await bob.call('safetyNumber', { account: alice.account })
  expect(digits).toMatch(/^\d{60}$/)
  expect(other.digits).toBe(digits)
  await alice.call('setVerified', { account: bob.account, verified: true })
  await alice.until('conversations', {}, (rows) =>
    rows.some((row) => row.conversation === direct && row.verified),
  )
})
