/**
 * What this device keeps of the vault: account key and history keys (to revoke, to leave, for cards), not the master key.
 * version u8 · account 16 · account public key 32 · account key 32 · count u8 · (version u32 · history key 32) …
 */
import { makeSecret, type Vault } from '@brieftaube/encryption'
import {
  idBytes,
  idFromBytes,
  idToBytes,
  MalformedError,
  Reader,
  Writer,
  type AccountId,
  type Bytes,
} from '@brieftaube/protocol'

const recordVersion = 1
const keyBytes = 32

/** Contains secrets: only for the sealed store. */
export function encodeVaultRecord(vault: Vault): Bytes {
  const writer = new Writer(256).u8(recordVersion).raw(idToBytes(vault.account))
  writer.raw(vault.accountKey.publicKey).raw(vault.accountKey.secret.reveal()).u8(vault.historyKeys.length)
  for (const { version, secret } of vault.historyKeys) writer.u32(version).raw(secret.reveal())
  return writer.finish()
}

/** Throws `MalformedError`. The master key is empty. */
export function decodeVaultRecord(bytes: Uint8Array): Vault {
  const reader = new Reader(bytes)
  if (reader.u8() !== recordVersion) throw new MalformedError('unknown version of a vault record')
  const account = idFromBytes<AccountId>(reader.raw(idBytes))
  const accountKey = { publicKey: reader.raw(keyBytes), secret: makeSecret(reader.raw(keyBytes)) }
  const historyKeys = Array.from({ length: reader.u8() }, () => ({
    version: reader.u32(),
    secret: makeSecret(reader.raw(keyBytes)),
  }))
  reader.end()
  return { account, masterKey: makeSecret(new Uint8Array(0)), accountKey, historyKeys }
}
