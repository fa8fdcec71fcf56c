import { generateKeyPairSync } from 'node:crypto'
import { idFromBytes, limits, type AccountId, type DeviceId } from '@brieftaube/protocol'
import { createRevocationSet, createTokenVerifier } from '@brieftaube/service-kit'
import { badTokens, goodToken } from '@brieftaube/testkit'
import { expect, test } from 'vitest'

const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
const account = idFromBytes<AccountId>(new Uint8Array(16).fill(1))
const device = idFromBytes<DeviceId>(new Uint8Array(16).fill(2))
const source = { kid: 'first', jwk: { x, d }, account, device, session: 'family' }
const published = { kty: 'OKP', crv: 'Ed25519', x, kid: 'first', alg: 'EdDSA', use: 'sig' }
const keySet = { keys: [published] }

test('a well-formed token is accepted and its claims come back', async () => {
  const verifier = createTokenVerifier({ jwks: async () => keySet })
  await expect(verifier.access(goodToken(source))).resolves.toMatchObject({
    sub: account,
    device,
    role: 'user',
  })
})

test('an access token is neither an enrolment token nor a ticket', async () => {
  const verifier = createTokenVerifier({ jwks: async () => keySet })
  await expect(verifier.enrolment(goodToken(source))).rejects.toMatchObject({ code: 'unauthenticated' })
  await expect(verifier.ticket(goodToken(source))).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('the corpus has at least 25 bad tokens', () => {
  expect(badTokens(source).length).toBeGreaterThanOrEqual(25)
})

test.each(badTokens(source))('refused: $name', async ({ token }) => {
  const verifier = createTokenVerifier({ jwks: async () => keySet })
  await expect(verifier.access(token)).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('a rotated key is fetched once for an unknown kid, not for every bad token', async () => {
  let asked = 0
  let keys = [{ ...published, kid: 'older' }]
  let time = Date.now()
  const verifier = createTokenVerifier({ jwks: async () => (asked++, { keys }), now: () => time })
  await expect(verifier.access(goodToken(source))).rejects.toThrow()
  keys = [published]
  await expect(verifier.access(goodToken(source))).rejects.toThrow()
  expect(asked).toBe(1)
  time += 11_000
  await expect(verifier.access(goodToken({ ...source }))).resolves.toBeDefined()
  expect(asked).toBe(2)
})

test('a key set with private parts or other curves gives no keys', async () => {
  const verifier = createTokenVerifier({ jwks: async () => ({ keys: [{ ...published, d }] }) })
  await expect(verifier.access(goodToken(source))).rejects.toThrow()
})

test('a revoked device is dead for good, an ended session only for tokens from before', async () => {
  const now = Date.now()
  const set = createRevocationSet(() => now)
  const claims = {
    iss: 'brieftaube',
    aud: 'brieftaube',
    sub: account,
    device,
    role: 'user',
    session: 's',
  } as const
  const at = (ms: number) => ({ ...claims, iat: Math.floor(ms / 1000), exp: Math.floor(ms / 1000) + 600 })
  set.add([{ id: 1, kind: 'session-ended', account, device, at: now }])
  expect(set.has(at(now - 1000))).toBe(true)
  expect(set.has(at(now + 1000))).toBe(false)
  set.add([{ id: 2, kind: 'device-revoked', account, device, at: now }])
  set.add([{ id: 3, kind: 'session-ended', account, device, at: now }])
  expect(set.has(at(now + 1000))).toBe(true)
})

test('what ended is forgotten only when every token from before has expired', async () => {
  let now = Date.now()
  const set = createRevocationSet(() => now)
  const claims = {
    iss: 'brieftaube',
    aud: 'brieftaube',
    sub: account,
    device,
    role: 'user',
    session: 's',
  } as const
  const issued = { ...claims, iat: Math.floor(now / 1000), exp: Math.floor(now / 1000) + 600 }
  set.add([{ id: 1, kind: 'device-revoked', account, device, at: now }])
  now += limits.accessTokenMs + 1000
  set.add([])
  expect(set.has(issued)).toBe(true)
})
