/** Signing up: OPAQUE, vault, recovery key, first device; stored here before the server is asked to finish. */
import { cleanName } from '@brieftaube/content'
import { createDevice, createVault, encodeDevice, randomId } from '@brieftaube/encryption'
import {
  authRoutes,
  encodeBase64Url,
  limits,
  type DeviceId,
  type RequestOf,
  type Session,
} from '@brieftaube/protocol'
import { put } from '@brieftaube/storage'
import type { Commands } from '@brieftaube/contract'
import type { Core } from '../core.ts'
import { fail, isUncertain } from '../failure.ts'
import type { AccountRecord } from '../records.ts'
import { tables } from '../tables.ts'
import { offerKeyPackages } from './key-packages.ts'
import { startRegistration } from './opaque.ts'
import { enterSession } from './session.ts'
import { encodeVaultRecord } from './vault-record.ts'
import { wipeDevice } from './wipe.ts'

export async function register(
  core: Core,
  input: Commands['register']['input'],
): Promise<Commands['register']['reply']> {
  if (core.session.kind !== 'signed-out') fail('conflict', 'somebody is signed in')
  checkPassword(input.password)
  const userName = input.userName.trim().toLowerCase()
  const displayName = cleanName(input.displayName, limits.displayNameMaxChars) || userName
  const opaque = await startRegistration(input.password)
  const invite = input.invite === undefined ? {} : { invite: input.invite }
  const started = await core.api.call(authRoutes.registrationStart, {
    body: { userName, ...invite, opaqueRequest: opaque.request },
  })
  const { record: opaqueRecord, exportKey } = opaque.finish(started.opaqueResponse)
  const { account, registration } = started
  const { vault, record, recoveryKey, recoveryAuth } = await createVault(account, exportKey)
  const device = createDevice(vault, randomId<DeviceId>(), core.clock.now())
  await wipeDevice(core)
  const row: AccountRecord = {
    phase: 'registering',
    account,
    userName,
    role: 'user',
    device: encodeDevice(device),
    vault: encodeVaultRecord(vault),
    recoveryKey,
  }
  await core.store.commit([put(tables.account, ['self'], row)])
  const session = await finishRegistration(core, {
    registration,
    opaqueRecord,
    displayName,
    accountKey: encodeBase64Url(vault.accountKey.publicKey),
    vault: encodeBase64Url(record),
    recoveryAuth: encodeBase64Url(recoveryAuth),
    device: {
      deviceKey: encodeBase64Url(device.deviceKey),
      certificate: encodeBase64Url(device.certificate),
      name: deviceNameOf(input.deviceName),
    },
  })
  core.api.setSession(session)
  await enterSession(core, { ...row, phase: 'confirming', role: session.role })
  offerKeyPackages(core)
  return { recoveryKey }
}

const FINISH_ATTEMPTS = 4
const FINISH_AGAIN_MS = 1500

/** The same finish again is answered again: a lost answer costs nobody the name. What was refused leaves nothing here. */
async function finishRegistration(
  core: Core,
  body: RequestOf<typeof authRoutes.registrationFinish>,
): Promise<Session> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await core.api.call(authRoutes.registrationFinish, { body })
    } catch (thrown) {
      const uncertain = isUncertain(thrown)
      if (!uncertain) await wipeDevice(core)
      if (!uncertain || attempt === FINISH_ATTEMPTS) throw thrown
      await new Promise((resolve) => setTimeout(resolve, FINISH_AGAIN_MS))
    }
  }
}

/** The check that the recovery key was kept; from here on it is nowhere but with the user. */
export async function confirmRecoveryKey(core: Core, lastCharacters: string): Promise<void> {
  const row = await core.store.get(tables.account, ['self'])
  if (row?.phase === 'ready') return
  if (row?.phase !== 'confirming' || row.recoveryKey === undefined)
    fail('not-signed-in', 'nothing to confirm')
  const wanted = row.recoveryKey.replaceAll('-', '').slice(-4)
  if (lastCharacters.trim().replaceAll('-', '').toUpperCase() !== wanted)
    fail('wrong-recovery-key', 'these are not the last four characters')
  const { recoveryKey: _, ...kept } = row
  await enterSession(core, { ...kept, phase: 'ready' })
}

export function checkPassword(password: string): void {
  const { length } = [...password]
  if (length < limits.passwordMinChars || length > limits.passwordMaxChars)
    fail('malformed', `a password has at least ${String(limits.passwordMinChars)} characters`)
}

export function deviceNameOf(name: string): string {
  return cleanName(name, limits.deviceNameMaxChars) || 'Browser'
}
