/** Logging in: the proof opens the vault, the vault certifies this device, the device is enrolled. */
import {
  createDevice,
  decodeDevice,
  encodeDevice,
  openVaultWithExportKey,
  openVaultWithRecoveryKey,
  randomId,
  recoveryAuthOf,
  rewrapVault,
  signRevocation,
  type Device,
  type Vault,
} from '@brieftaube/encryption'
import {
  authRoutes,
  decodeBase64Url,
  encodeBase64Url,
  equalBytes,
  ProtocolError,
  type Bytes,
  type DeviceId,
  type Enrolment,
  type Session,
} from '@brieftaube/protocol'
import type { Commands } from '@brieftaube/contract'
import { selfOf, type Core } from '../core.ts'
import { fail } from '../failure.ts'
import type { AccountRecord } from '../records.ts'
import { tables } from '../tables.ts'
import { offerKeyPackages } from './key-packages.ts'
import { startLogin, startRegistration } from './opaque.ts'
import { enterSession } from './session.ts'
import { checkPassword, deviceNameOf } from './sign-up.ts'
import { encodeVaultRecord } from './vault-record.ts'
import { wipeDevice } from './wipe.ts'

export async function logIn(core: Core, input: Commands['logIn']['input']): Promise<void> {
  if (core.session.kind !== 'signed-out') fail('conflict', 'somebody is signed in')
  const { enrolment, vault } = await proveByPassword(core, input.userName, input.password)
  await enrol(core, enrolment, vault, input.deviceName)
}

interface Proven {
  readonly enrolment: Enrolment
  readonly vault: Vault
}

async function proveByPassword(core: Core, userName: string, password: string): Promise<Proven> {
  const opaque = await startLogin(password)
  const started = await core.api.call(authRoutes.loginStart, {
    body: { userName: userName.trim().toLowerCase(), opaqueRequest: opaque.request },
  })
  const { finish, exportKey } = opaque.finish(started.opaqueResponse)
  const enrolment = await core.api.call(authRoutes.loginFinish, {
    body: { login: started.login, opaqueFinish: finish },
  })
  const opened = await openVaultWithExportKey(enrolment.account, decodeBase64Url(enrolment.vault), exportKey)
  if (opened.kind === 'refused') fail('decryption-failed', 'the vault does not open')
  return { enrolment, vault: checkVault(opened.vault, enrolment) }
}

/** The directory must name the key that is in the vault. */
function checkVault(vault: Vault, enrolment: Enrolment): Vault {
  if (!equalBytes(vault.accountKey.publicKey, decodeBase64Url(enrolment.accountKey)))
    fail('key-changed', 'the server names another account key')
  return vault
}

export async function logInWithRecoveryKey(
  core: Core,
  input: Commands['logInWithRecoveryKey']['input'],
): Promise<void> {
  if (core.session.kind !== 'signed-out') fail('conflict', 'somebody is signed in')
  if (input.newPassword !== undefined) checkPassword(input.newPassword)
  const auth = recoveryAuthOf(input.recoveryKey)
  if (auth.kind === 'refused') fail('recovery-key-typo', auth.reason)
  const userName = input.userName.trim().toLowerCase()
  const body = { userName, recoveryAuth: encodeBase64Url(auth.recoveryAuth) }
  const enrolment = await core.api.call(authRoutes.loginRecovery, { body })
  const record = decodeBase64Url(enrolment.vault)
  const opened = await openVaultWithRecoveryKey(enrolment.account, record, input.recoveryKey)
  if (opened.kind !== 'ok') fail('wrong-recovery-key', 'the vault does not open')
  const vault = checkVault(opened.vault, enrolment)
  if (input.newPassword !== undefined)
    await replacePassword(core, enrolment, { vault, record }, input.newPassword, undefined)
  await enrol(core, enrolment, vault, input.deviceName)
}

/** Record and vault are replaced in one transaction of the server; the recovery key stays valid. */
async function replacePassword(
  core: Core,
  enrolment: Enrolment,
  { vault, record }: { vault: Vault; record: Bytes },
  password: string,
  keepDevice: DeviceId | undefined,
): Promise<void> {
  const token = enrolment.enrolmentToken
  const opaque = await startRegistration(password)
  const started = await core.api.call(authRoutes.passwordStart, {
    token,
    body: { opaqueRequest: opaque.request },
  })
  const { record: opaqueRecord, exportKey } = opaque.finish(started.opaqueResponse)
  const rewrapped = encodeBase64Url(await rewrapVault(vault, record, exportKey))
  const keep = keepDevice === undefined ? {} : { keepDevice }
  await core.api.call(authRoutes.passwordFinish, { token, body: { opaqueRecord, vault: rewrapped, ...keep } })
}

export async function changePassword(core: Core, input: Commands['changePassword']['input']): Promise<void> {
  const self = selfOf(core)
  checkPassword(input.newPassword)
  const { enrolment, vault } = await proveByPassword(core, self.userName, input.oldPassword)
  const record = decodeBase64Url(enrolment.vault)
  await replacePassword(core, enrolment, { vault, record }, input.newPassword, self.deviceId)
}

/** A device of this account whose session merely ended goes on where it was; anything else begins afresh. */
async function enrol(core: Core, enrolment: Enrolment, vault: Vault, deviceName: string): Promise<void> {
  const before = await core.store.get(tables.account, ['self'])
  const name = deviceNameOf(deviceName)
  if (before?.phase === 'ended' && before.account === enrolment.account) {
    const session = await enrolAgain(core, enrolment, decodeDevice(before.device), name)
    if (session !== undefined) return enter(core, enrolment, vault, before.device, session)
  }
  await wipeDevice(core)
  const device = createDevice(vault, randomId<DeviceId>(), core.clock.now())
  const session = await callEnrol(core, enrolment, device, name)
  await enter(core, enrolment, vault, encodeDevice(device), session)
  offerKeyPackages(core)
  await replaceLostDevice(core, vault)
}

async function enrolAgain(
  core: Core,
  enrolment: Enrolment,
  device: Device,
  name: string,
): Promise<Session | undefined> {
  try {
    return await callEnrol(core, enrolment, device, name)
  } catch (thrown) {
    if (thrown instanceof ProtocolError && ['conflict', 'forbidden', 'unauthenticated'].includes(thrown.code))
      return undefined
    throw thrown
  }
}

function callEnrol(core: Core, enrolment: Enrolment, device: Device, name: string): Promise<Session> {
  return core.api.call(authRoutes.deviceEnrol, {
    token: enrolment.enrolmentToken,
    body: {
      deviceKey: encodeBase64Url(device.deviceKey),
      certificate: encodeBase64Url(device.certificate),
      name,
    },
  })
}

async function enter(
  core: Core,
  enrolment: Enrolment,
  vault: Vault,
  device: Bytes,
  session: Session,
): Promise<void> {
  core.api.setSession(session)
  const row: AccountRecord = {
    phase: 'ready',
    account: enrolment.account,
    userName: enrolment.userName,
    role: session.role,
    device,
    vault: encodeVaultRecord(vault),
  }
  await enterSession(core, row)
}

/** The device whose storage the browser has removed can never come back: it is signed out. */
async function replaceLostDevice(core: Core, vault: Vault): Promise<void> {
  const device = core.lostDevice
  core.lostDevice = undefined
  if (device === undefined) return
  const statement = encodeBase64Url(signRevocation(vault, { device, issuedAt: core.clock.now() }))
  core.background.run('revoke-lost-device', () =>
    core.api.call(authRoutes.deviceRevoke, { params: { device }, body: { statement } }),
  )
  return Promise.resolve()
}
