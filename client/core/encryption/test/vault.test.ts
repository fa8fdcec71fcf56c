import { beforeAll, describe, expect, it } from 'vitest'
import { encodeHex, encodeText, limits, type AccountId, type DeviceId } from '@brieftaube/protocol'
import {
  createDevice,
  createStorageKey,
  createVault,
  decodeDevice,
  encodeDevice,
  openCard,
  openRecord,
  openVaultWithExportKey,
  openVaultWithRecoveryKey,
  parseRecoveryKey,
  randomBytes,
  randomId,
  recoveryAuthOf,
  rewrapVault,
  sealCard,
  sealRecord,
  type CreatedVault,
  type Vault,
} from '../src/index.ts'
import { validateCredential } from '../src/credential.ts'
import { writeRecoveryKey } from '../src/recovery-key.ts'
import { flipBit, now, ok, reasonOf } from './people.ts'

const account = randomId<AccountId>()
const exportKey = randomBytes(64)
let created: CreatedVault

beforeAll(async () => {
  created = await createVault(account, exportKey)
})

/** Everything secret in a vault, to compare two of them. */
function contentsOf(vault: Vault) {
  const { masterKey, accountKey, historyKeys } = vault
  const secrets = [masterKey, accountKey.secret, ...historyKeys.map(({ secret }) => secret)]
  return secrets.map((secret) => encodeHex(secret.reveal()))
}

describe('the vault', () => {
  it('opens with the export key and with the recovery key to the same secrets', async () => {
    const byPassword = ok(await openVaultWithExportKey(account, created.record, exportKey)).vault
    const byRecovery = ok(await openVaultWithRecoveryKey(account, created.record, created.recoveryKey))
    expect(contentsOf(byPassword)).toEqual(contentsOf(created.vault))
    expect(contentsOf(byRecovery.vault)).toEqual(contentsOf(created.vault))
    expect(byRecovery.recoveryAuth).toEqual(created.recoveryAuth)
    expect(created.record.length).toBeLessThan(limits.vaultMaxBytes)
  })

  it('opens with nothing else', async () => {
    expect(reasonOf(await openVaultWithExportKey(account, created.record, randomBytes(64)))).toBe('wrong-key')
    const other = await createVault(account, exportKey)
    expect(reasonOf(await openVaultWithRecoveryKey(account, created.record, other.recoveryKey))).toBe(
      'wrong-key',
    )
    expect(reasonOf(await openVaultWithExportKey(randomId<AccountId>(), created.record, exportKey))).toBe(
      'wrong-key',
    )
  })

  it('notices every changed bit, also a history key or account key put there by the server', async () => {
    const other = await createVault(account, exportKey)
    const swapped = Uint8Array.from(created.record)
    swapped.set(other.record.subarray(-80), swapped.length - 80)
    expect(reasonOf(await openVaultWithExportKey(account, swapped, exportKey))).toBe('not-authentic')
    for (let at = 0; at < created.record.length; at++) {
      const changed = flipBit(created.record, at)
      const byRecovery = await openVaultWithRecoveryKey(account, changed, created.recoveryKey)
      const byPassword = await openVaultWithExportKey(account, changed, exportKey)
      expect([byRecovery.kind, byPassword.kind]).toContain('refused')
    }
    expect(reasonOf(await openVaultWithExportKey(account, created.record.subarray(0, 99), exportKey))).toBe(
      'malformed',
    )
  })

  it('after a password change opens with the new export key and the old recovery key', async () => {
    const newKey = randomBytes(64)
    const record = await rewrapVault(created.vault, created.record, newKey)
    expect(contentsOf(ok(await openVaultWithExportKey(account, record, newKey)).vault)).toEqual(
      contentsOf(created.vault),
    )
    expect(reasonOf(await openVaultWithExportKey(account, record, exportKey))).toBe('wrong-key')
    expect((await openVaultWithRecoveryKey(account, record, created.recoveryKey)).kind).toBe('ok')
  })

  it('keeps its secrets from being printed, serialised or cloned', () => {
    expect(JSON.stringify(created.vault.masterKey)).toBe('"[secret]"')
    expect(String(created.vault.masterKey)).toBe('[secret]')
    expect(() => structuredClone(created.vault)).toThrow()
  })
})

describe('the recovery key', () => {
  it('is nine groups of four letters that cannot be mistaken for each other', () => {
    expect(created.recoveryKey).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/)
  })

  it('has its text pinned', () => {
    const secret = Uint8Array.from({ length: 20 }, (_, index) => index * 11)
    expect(writeRecoveryKey(secret)).toMatchInlineSnapshot(`"005H-C89C-6X14-TP33-DSWR-93WT-MPRB-QHPH-3JXE"`)
    expect(encodeHex(parsedAuth(writeRecoveryKey(secret)))).toMatchInlineSnapshot(
      `"f11985c93a4c8690e8dd772ef963ea7f7164cdd405e52fd86482b92b9839b589"`,
    )
  })

  it('is read in any case, with any spacing, and with look-alikes', () => {
    const key = writeRecoveryKey(new Uint8Array(20))
    const sloppy = ` ${key.toLowerCase().replaceAll('-', ' – ').replace('0', 'o').replace('0', 'O')} `
    expect(parseRecoveryKey(sloppy)).toEqual(parseRecoveryKey(key))
    const ones = writeRecoveryKey(new Uint8Array(20).fill(0x08))
    expect(parseRecoveryKey(ones.replace('1', 'l').replace('1', 'I'))).toEqual(parseRecoveryKey(ones))
  })

  it('tells a slip of the pen from a wrong key', async () => {
    const key = created.recoveryKey
    const slip = (key.startsWith('7') ? '8' : '7') + key.slice(1)
    expect(reasonOf(parseRecoveryKey(slip))).toBe('typo')
    expect(reasonOf(parseRecoveryKey(key.slice(1)))).toBe('length')
    expect(reasonOf(parseRecoveryKey(`U${key.slice(1)}`))).toBe('letter')
    expect(await openVaultWithRecoveryKey(account, created.record, slip)).toEqual({
      kind: 'bad-recovery-key',
      reason: 'typo',
    })
  })
})

function parsedAuth(key: string) {
  const auth = recoveryAuthOf(key)
  if (auth.kind !== 'ok') throw new Error(auth.reason)
  return auth.recoveryAuth
}

describe('a device', () => {
  it('carries a certificate of its account, and survives storage', () => {
    const device = createDevice(created.vault, randomId<DeviceId>(), now)
    const again = decodeDevice(encodeDevice(device))
    expect(again).toMatchObject({
      account,
      device: device.device,
      deviceKey: device.deviceKey,
      accountKey: device.accountKey,
    })
    const credential = { credentialType: 'basic', identity: again.certificate } as const
    expect(validateCredential(credential, again.deviceKey)).toBe(true)
    for (let at = 0; at < again.certificate.length; at++) {
      const changed = { credentialType: 'basic', identity: flipBit(again.certificate, at) } as const
      expect(validateCredential(changed, again.deviceKey)).toBe(false)
    }
  })
})

describe('what is kept', () => {
  it('opens under its storage key in its own place, and nowhere else', async () => {
    const [key, otherKey] = [await createStorageKey(), await createStorageKey()]
    expect(key.extractable).toBe(false)
    const sealed = await sealRecord(key, 'messages/1', encodeText('hello'))
    expect(await openRecord(key, 'messages/1', sealed)).toEqual(encodeText('hello'))
    expect(await openRecord(key, 'messages/2', sealed)).toBeUndefined()
    expect(await openRecord(otherKey, 'messages/1', sealed)).toBeUndefined()
    expect(await openRecord(key, 'messages/1', flipBit(sealed, 20))).toBeUndefined()
    expect(await openRecord(key, 'messages/1', sealed.subarray(0, 5))).toBeUndefined()
  })

  it('as an account card opens on every device of the account, under its name', async () => {
    const card = await sealCard(created.vault, 'contacts', encodeText('bob'))
    const elsewhere = ok(await openVaultWithExportKey(account, created.record, exportKey)).vault
    expect(await openCard(elsewhere, 'contacts', card)).toEqual(encodeText('bob'))
    expect(await openCard(elsewhere, 'settings', card)).toBeUndefined()
    expect(await openCard(elsewhere, 'contacts', flipBit(card, 4))).toBeUndefined()
    const stranger = await createVault(randomId<AccountId>(), exportKey)
    expect(await openCard(stranger.vault, 'contacts', card)).toBeUndefined()
  })
})
