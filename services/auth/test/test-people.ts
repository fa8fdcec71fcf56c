/** People with real keys and the client's half of OPAQUE, as small as a test needs it. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  type KeyObject,
} from 'node:crypto'
import { client, ready } from '@serenity-kit/opaque'
import {
  authRoutes,
  certificateSignedBytes,
  encodeBase64Url,
  encodeCertificate,
  encodeRevocationStatement,
  enrolmentSchema,
  idFromBytes,
  revocationSignedBytes,
  sessionSchema,
  type AccountId,
  type DeviceId,
  type Enrolment,
  type Session,
} from '@brieftaube/protocol'
import { newAddress, send, type Received, type TestServer } from './test-server.ts'

/** Argon2id is the client's business; the server never sees its cost. */
const keyStretching = { 'argon2id-custom': { iterations: 1, memory: 8, parallelism: 1 } } as const

export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: KeyObject
}

export function makeKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519')
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
  return { publicKey: Uint8Array.from(Buffer.from(jwk.x ?? '', 'base64url')), privateKey }
}

export interface TestDevice {
  readonly id: DeviceId
  readonly keys: KeyPair
  readonly wire: { readonly deviceKey: string; readonly certificate: string; readonly name: string }
}

export function makeDevice(
  account: AccountId,
  accountKeys: KeyPair,
  name = 'Firefox on Linux',
  keys = makeKeyPair(),
  id = idFromBytes<DeviceId>(randomBytes(16)),
): TestDevice {
  const fields = {
    account,
    device: id,
    accountKey: Uint8Array.from(accountKeys.publicKey),
    issuedAt: Date.now(),
  }
  const signature = Uint8Array.from(
    sign(null, certificateSignedBytes(fields, keys.publicKey), accountKeys.privateKey),
  )
  const certificate = encodeBase64Url(encodeCertificate({ ...fields, signature }))
  return { id, keys, wire: { deviceKey: encodeBase64Url(keys.publicKey), certificate, name } }
}

export interface Person {
  readonly userName: string
  readonly password: string
  readonly account: AccountId
  readonly accountKeys: KeyPair
  readonly recoveryAuth: string
  readonly vault: string
  readonly device: TestDevice
  readonly session: Session
  /** The refresh token. */
  readonly refresh: string
  readonly address: string
}

export interface SignUp {
  readonly password?: string
  readonly invite?: string | undefined
  readonly displayName?: string
}

export async function opaqueRegistration(password: string) {
  await ready
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password })
  const finish = (registrationResponse: string) =>
    client.finishRegistration({ password, registrationResponse, clientRegistrationState, keyStretching })
  return { registrationRequest, finish }
}

/** The registration's two requests; the second is handed out so that a test may change it first. */
export async function beginSignUp(server: TestServer, userName: string, options: SignUp = {}) {
  const password = options.password ?? `correct horse ${userName}`
  const address = newAddress()
  const opaque = await opaqueRegistration(password)
  const started = await send(server, authRoutes.registrationStart, {
    json: { userName, invite: options.invite, opaqueRequest: opaque.registrationRequest },
    address,
  })
  if (started.status !== 200) return { started, address }
  const { account, registration, opaqueResponse } = authRoutes.registrationStart.reply.parse(started.json())
  const accountKeys = makeKeyPair()
  const device = makeDevice(account, accountKeys)
  const recoveryAuth = encodeBase64Url(randomBytes(32))
  const vault = encodeBase64Url(randomBytes(300))
  const json = {
    registration,
    opaqueRecord: opaque.finish(opaqueResponse).registrationRecord,
    displayName: options.displayName ?? `${userName} the pigeon`,
    accountKey: encodeBase64Url(accountKeys.publicKey),
    vault,
    recoveryAuth,
    device: device.wire,
  }
  return {
    started,
    address,
    json,
    person: { userName, password, account, accountKeys, recoveryAuth, vault, device, address },
  }
}

export async function signUp(server: TestServer, userName: string, options: SignUp = {}): Promise<Person> {
  const { started, json, person } = await beginSignUp(server, userName, options)
  if (json === undefined || person === undefined) throw new Error(`registration refused: ${started.text}`)
  const finished = await send(server, authRoutes.registrationFinish, { json, address: person.address })
  if (finished.status !== 200) throw new Error(`registration failed: ${finished.text}`)
  return { ...person, session: sessionSchema.parse(finished.json()), refresh: finished.refresh ?? '' }
}

export type LoginOutcome =
  | { readonly kind: 'in'; readonly enrolment: Enrolment }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'refused'; readonly reply: Received }

export async function startLogin(
  server: TestServer,
  userName: string,
  password: string,
  address = newAddress(),
) {
  await ready
  const { clientLoginState, startLoginRequest } = client.startLogin({ password })
  const started = await send(server, authRoutes.loginStart, {
    json: { userName, opaqueRequest: startLoginRequest },
    address,
  })
  return { started, clientLoginState }
}

export async function logIn(
  server: TestServer,
  userName: string,
  password: string,
  address = newAddress(),
): Promise<LoginOutcome> {
  const { started, clientLoginState } = await startLogin(server, userName, password, address)
  if (started.status !== 200) return { kind: 'refused', reply: started }
  const { login, opaqueResponse } = authRoutes.loginStart.reply.parse(started.json())
  const proof = client.finishLogin({
    clientLoginState,
    loginResponse: opaqueResponse,
    password,
    keyStretching,
  })
  if (proof === undefined) return { kind: 'wrong-password' }
  const finished = await send(server, authRoutes.loginFinish, {
    json: { login, opaqueFinish: proof.finishLoginRequest },
    address,
  })
  if (finished.status !== 200) return { kind: 'refused', reply: finished }
  return { kind: 'in', enrolment: enrolmentSchema.parse(finished.json()) }
}

/** Logs in or fails the test. */
export async function enrolmentOf(
  server: TestServer,
  person: Pick<Person, 'userName' | 'password'>,
): Promise<Enrolment> {
  const outcome = await logIn(server, person.userName, person.password)
  if (outcome.kind !== 'in') throw new Error(`login failed: ${outcome.kind}`)
  return outcome.enrolment
}

export interface SecondDevice {
  readonly device: TestDevice
  readonly session: Session
  readonly refresh: string
}

export async function enrol(server: TestServer, person: Person, device?: TestDevice): Promise<SecondDevice> {
  const { enrolmentToken } = await enrolmentOf(server, person)
  const added = device ?? makeDevice(person.account, person.accountKeys, 'Second device')
  const enrolled = await send(server, authRoutes.deviceEnrol, { json: added.wire, token: enrolmentToken })
  if (enrolled.status !== 200) throw new Error(`enrolment failed: ${enrolled.text}`)
  return { device: added, session: sessionSchema.parse(enrolled.json()), refresh: enrolled.refresh ?? '' }
}

/** The account key's signed word that a device is gone, base64url. */
export function revocationOf(person: Pick<Person, 'account' | 'accountKeys'>, device: DeviceId): string {
  const fields = { account: person.account, device, issuedAt: Date.now() }
  const signature = Uint8Array.from(sign(null, revocationSignedBytes(fields), person.accountKeys.privateKey))
  return encodeBase64Url(encodeRevocationStatement({ ...fields, signature }))
}

/** For tests that sign with a key of their own. */
export function importPrivateKey(jwk: { x: string; d: string }): KeyObject {
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', ...jwk }, format: 'jwk' })
}
