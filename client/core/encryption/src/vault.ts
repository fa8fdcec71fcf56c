/**
 * The vault: one binary record that the server keeps and cannot read.
 * version u8 · account 16 · master key wrapped by the export key 60 · by the recovery key 60 · content block
 * content = AES-256-GCM under HKDF(master key): account key seed 32 · count u8 · (version u32 · history key 32) …
 * Wraps and content are nonce ‖ ciphertext, with label and account id as associated data.
 */
import {
  concatBytes,
  idBytes,
  idFromBytes,
  idToBytes,
  limits,
  MalformedError,
  Reader,
  Writer,
  type AccountId,
  type Bytes,
} from '@brieftaube/protocol'
import { importAesKey, nonceBytes, openBytes, sealBytes, tagBytes } from './aead.ts'
import { createSigningKey, signingKeyOf, type SigningKey } from './ed25519.ts'
import { deriveKey, labels, type Label } from './labels.ts'
import { guarded, refuse, type Outcome } from './outcome.ts'
import { randomBytes } from './random.ts'
import { createRecoveryKey, parseRecoveryKey, type RecoveryKeyProblem } from './recovery-key.ts'
import { makeSecret, type Secret } from './secret.ts'

export interface HistoryKey {
  readonly version: number
  readonly secret: Secret
}

export interface Vault {
  readonly account: AccountId
  readonly masterKey: Secret
  /** The user's identity. */
  readonly accountKey: SigningKey
  /** Newest last; at least one. */
  readonly historyKeys: readonly HistoryKey[]
}

const vaultVersion = 1
const masterKeyBytes = 32
const wrapBytes = nonceBytes + masterKeyBytes + tagBytes
type Wraps = { readonly byExportKey: Bytes; readonly byRecoveryKey: Bytes; readonly content: Bytes }

export interface CreatedVault {
  readonly vault: Vault
  /** For the server. */
  readonly record: Bytes
  /** To be shown once. */
  readonly recoveryKey: string
  /** For the server, which stores its hash. */
  readonly recoveryAuth: Bytes
}

/** At sign-up: a master key, an identity, a history key and a recovery key. `exportKey` is OPAQUE's. */
export async function createVault(account: AccountId, exportKey: Bytes): Promise<CreatedVault> {
  const recoveryKey = createRecoveryKey()
  const parsed = parseRecoveryKey(recoveryKey)
  if (parsed.kind !== 'ok') throw new Error('a fresh recovery key must parse')
  const vault: Vault = {
    account,
    masterKey: makeSecret(randomBytes(masterKeyBytes)),
    accountKey: createSigningKey(),
    historyKeys: [{ version: 1, secret: makeSecret(randomBytes(32)) }],
  }
  const record = encodeRecord(account, {
    byExportKey: await wrapMasterKey(vault, exportKey, labels.vaultByExportKey),
    byRecoveryKey: await wrapMasterKey(vault, parsed.secret, labels.vaultByRecoveryKey),
    content: await sealContent(vault),
  })
  return { vault, record, recoveryKey, recoveryAuth: deriveKey(parsed.secret, labels.recoveryAuth) }
}

export function openVaultWithExportKey(
  account: AccountId,
  record: Uint8Array,
  exportKey: Bytes,
): Promise<Outcome<{ readonly vault: Vault }>> {
  return openVault(account, record, (wraps) =>
    unwrap(account, wraps.byExportKey, exportKey, labels.vaultByExportKey),
  )
}

export type OpenedByRecoveryKey =
  | Outcome<{ readonly vault: Vault; readonly recoveryAuth: Bytes }>
  | { readonly kind: 'bad-recovery-key'; readonly reason: RecoveryKeyProblem }

export async function openVaultWithRecoveryKey(
  account: AccountId,
  record: Uint8Array,
  recoveryKey: string,
): Promise<OpenedByRecoveryKey> {
  const parsed = parseRecoveryKey(recoveryKey)
  if (parsed.kind !== 'ok') return { kind: 'bad-recovery-key', reason: parsed.reason }
  const opened = await openVault(account, record, (wraps) =>
    unwrap(account, wraps.byRecoveryKey, parsed.secret, labels.vaultByRecoveryKey),
  )
  return opened.kind === 'ok'
    ? { ...opened, recoveryAuth: deriveKey(parsed.secret, labels.recoveryAuth) }
    : opened
}

/**
 * After a password change: the same master key under the new export key; the recovery key stays valid.
 * Throws `MalformedError` when `record` is no vault.
 */
export async function rewrapVault(vault: Vault, record: Uint8Array, exportKey: Bytes): Promise<Bytes> {
  const { byRecoveryKey } = decodeRecord(record).wraps
  const byExportKey = await wrapMasterKey(vault, exportKey, labels.vaultByExportKey)
  return encodeRecord(vault.account, { byExportKey, byRecoveryKey, content: await sealContent(vault) })
}

function openVault(
  account: AccountId,
  record: Uint8Array,
  unwrapMasterKey: (wraps: Wraps) => Promise<Bytes | undefined>,
): Promise<Outcome<{ readonly vault: Vault }>> {
  return guarded(async () => {
    const decoded = decodeRecord(record)
    if (decoded.account !== account) return refuse('wrong-key', 'the vault of another account')
    const masterKey = await unwrapMasterKey(decoded.wraps)
    if (masterKey === undefined) return refuse('wrong-key')
    const key = await importAesKey(deriveKey(masterKey, labels.vaultContent))
    const content = await openBytes(key, labels.vaultContent, [idToBytes(account)], decoded.wraps.content)
    if (content === undefined) return refuse('not-authentic', 'the vault was changed')
    const vault = { account, masterKey: makeSecret(masterKey), ...decodeContent(content) }
    return { kind: 'ok', vault } as const
  })
}

async function wrapMasterKey(vault: Vault, secret: Bytes, label: Label): Promise<Bytes> {
  const key = await importAesKey(deriveKey(secret, label))
  return sealBytes(key, label, [idToBytes(vault.account)], vault.masterKey.reveal())
}

async function unwrap(
  account: AccountId,
  wrap: Bytes,
  secret: Bytes,
  label: Label,
): Promise<Bytes | undefined> {
  return openBytes(await importAesKey(deriveKey(secret, label)), label, [idToBytes(account)], wrap)
}

async function sealContent(vault: Vault): Promise<Bytes> {
  const writer = new Writer(128).raw(vault.accountKey.secret.reveal()).u8(vault.historyKeys.length)
  for (const { version, secret } of vault.historyKeys) writer.u32(version).raw(secret.reveal())
  const key = await importAesKey(deriveKey(vault.masterKey.reveal(), labels.vaultContent))
  return sealBytes(key, labels.vaultContent, [idToBytes(vault.account)], writer.finish())
}

function decodeContent(bytes: Bytes): Pick<Vault, 'accountKey' | 'historyKeys'> {
  const reader = new Reader(bytes)
  const accountKey = signingKeyOf(reader.raw(32))
  const historyKeys = Array.from({ length: reader.u8() }, () => ({
    version: reader.u32(),
    secret: makeSecret(reader.raw(32)),
  }))
  reader.end()
  return { accountKey, historyKeys }
}

function encodeRecord(account: AccountId, wraps: Wraps): Bytes {
  const head = concatBytes(
    Uint8Array.of(vaultVersion),
    idToBytes(account),
    wraps.byExportKey,
    wraps.byRecoveryKey,
  )
  return new Writer(256).raw(head).block(wraps.content).finish()
}

function decodeRecord(record: Uint8Array): { account: AccountId; wraps: Wraps } {
  const reader = new Reader(record)
  const version = reader.u8()
  const account = idFromBytes<AccountId>(reader.raw(idBytes))
  const byExportKey = reader.raw(wrapBytes)
  const byRecoveryKey = reader.raw(wrapBytes)
  const content = reader.block(limits.vaultMaxBytes)
  reader.end()
  if (version !== vaultVersion) throw new MalformedError('unknown version of the vault')
  return { account, wraps: { byExportKey, byRecoveryKey, content } }
}
