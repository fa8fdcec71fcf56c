import { authRoutes, idFromBytes, limits, type AccountId } from '@brieftaube/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jpeg, png, webp } from './test-pictures.ts'
import { signUp, type Person } from './test-people.ts'
import { send, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let alice: Person
let bob: Person
beforeAll(async () => {
  server = await startTestServer()
  alice = await signUp(server, 'alice')
  bob = await signUp(server, 'bob')
})
afterAll(() => server.close())

const lookUp = (userName: string) =>
  send(server, authRoutes.accountLookup, { json: { userName }, token: bob.session.accessToken })
const update = (json: unknown) =>
  send(server, authRoutes.profileUpdate, { json, token: alice.session.accessToken })

test('an account is found by its exact name only', async () => {
  expect((await lookUp('alice')).json()).toMatchObject({
    account: alice.account,
    displayName: 'alice the pigeon',
  })
  for (const name of ['alic', 'alicee', 'alice1'])
    expect((await lookUp(name)).json()['code']).toBe('not-found')
  for (const pattern of ['ali%', 'Alice', 'ali*', '_lice']) expect((await lookUp(pattern)).status).toBe(400)
})

test('profiles of known ids come back, unknown ids are left out', async () => {
  const unknown = idFromBytes<AccountId>(new Uint8Array(16))
  const json = { accounts: [bob.account, unknown, alice.account] }
  const reply = await send(server, authRoutes.accountProfiles, { json, token: bob.session.accessToken })
  const { profiles } = authRoutes.accountProfiles.reply.parse(reply.json())
  expect(profiles.map(({ userName }) => userName).sort()).toEqual(['alice', 'bob'])
})

test('name and status change each for itself and lose what fakes other lines', async () => {
  await update({ displayName: '  Alice\u202e \u0007Müller\u2066\n ' })
  await update({ statusText: 'im\u200b Schlag\u2028!' })
  expect((await lookUp('alice')).json()).toMatchObject({
    displayName: 'Alice Müller',
    statusText: 'im Schlag!',
  })
  await update({ statusText: '' })
  expect((await lookUp('alice')).json()).toMatchObject({ displayName: 'Alice Müller', statusText: '' })
  expect((await update({ displayName: '\u200b\u202e' })).status).toBe(400)
  await update({ displayName: 'Familie 👩‍👩‍👧' })
  expect((await lookUp('alice')).json()['displayName']).toBe('Familie 👩‍👩‍👧')
})

test('a device is renamed by its owner, cleaned', async () => {
  const { accessToken: token } = alice.session
  const params = { device: alice.device.id }
  await send(server, authRoutes.deviceRename, { params, json: { name: 'Küche\u202e' }, token })
  const { devices } = authRoutes.deviceList.reply.parse(
    (await send(server, authRoutes.deviceList, { token })).json(),
  )
  expect(devices.map(({ name }) => name)).toEqual(['Küche'])
})

describe('a picture', () => {
  const put = (bytes: Uint8Array) =>
    send(server, authRoutes.pictureSet, { bytes, token: alice.session.accessToken })
  const get = () =>
    send(server, authRoutes.pictureGet, {
      params: { account: alice.account },
      token: bob.session.accessToken,
    })

  test.each([
    ['PNG', png(512, 512), 'image/png'],
    ['JPEG', jpeg(64, 64), 'image/jpeg'],
    ['WebP, lossy', webp('VP8 ', 100, 100), 'image/webp'],
    ['WebP, lossless', webp('VP8L', 100, 100), 'image/webp'],
    ['WebP, extended', webp('VP8X', 512, 512), 'image/webp'],
  ])('is kept as it is: %s', async (_what, bytes, type) => {
    const reply = await put(bytes)
    expect(reply.status).toBe(200)
    const got = await get()
    expect(got.bytes).toEqual(bytes)
    expect(got.headers.get('content-type')).toBe(type)
    expect((await lookUp('alice')).json()['picture']).toBe(reply.json()['picture'])
  })

  const whole = png(8, 8)
  test.each([
    ['SVG', new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['HTML', new TextEncoder().encode('<!doctype html><script>1</script>')],
    ['GIF', new TextEncoder().encode('GIF89a\u0001\u0000\u0001\u0000')],
    ['nothing', new Uint8Array(0)],
    ['not square', png(8, 9)],
    ['too many pixels', png(513, 513)],
    ['no pixels', png(0, 0)],
    ['not square in JPEG', jpeg(8, 16)],
    ['cut short', whole.subarray(0, -1)],
    ['with something behind its end', Uint8Array.of(...whole, ...new TextEncoder().encode('<script>'))],
    ['a JPEG with something behind its end', Uint8Array.of(...jpeg(8, 8), 0x50, 0x4b, 0xff, 0xd9)],
    ['a WebP of another length than it says', Uint8Array.of(...webp('VP8L', 8, 8), 0)],
    ['an animated PNG', png(8, 8, ['acTL'])],
  ])('is refused: %s', async (_what, bytes) => {
    const reply = await put(bytes)
    expect([reply.status, reply.json()['code']]).toEqual([400, 'malformed'])
  })

  test('of more than 64 KiB is refused', async () => {
    expect((await put(new Uint8Array(limits.pictureMaxBytes + 1))).status).toBe(413)
  })

  test('sent as a picture type, not as bytes, is refused', async () => {
    const headers = { 'content-type': 'image/svg+xml' }
    const reply = await send(server, authRoutes.pictureSet, {
      bytes: whole,
      headers,
      token: alice.session.accessToken,
    })
    expect(reply.status).toBe(400)
  })

  test('goes when it is removed', async () => {
    await put(whole)
    const removed = await send(server, authRoutes.pictureRemove, { token: alice.session.accessToken })
    expect(removed.json()).not.toHaveProperty('picture')
    expect((await get()).status).toBe(404)
  })
})
