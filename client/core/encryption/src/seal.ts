/** Sealing of what is kept: records in the device's store, and account data that follows the user to each device. */
import { encodeText, idToBytes, MalformedError, Reader, Writer, type Bytes } from '@brieftaube/protocol'
import { importAesKey, openBytes, sealBytes } from './aead.ts'
import { deriveKey, labels } from './labels.ts'
import type { Vault } from './vault.ts'

/** AES-256-GCM, not extractable: it lives in IndexedDB as a `CryptoKey` and never as bytes. */
export function createStorageKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** `context` names the record's place (store and key), so that sealed records cannot be swapped. */
export function sealRecord(key: CryptoKey, context: string, bytes: Bytes): Promise<Bytes> {
  return sealBytes(key, labels.record, [encodeText(context)], bytes)
}

/** `undefined`: not this key, not this place, or changed. */
export function openRecord(key: CryptoKey, context: string, sealed: Uint8Array): Promise<Bytes | undefined> {
  return openBytes(key, labels.record, [encodeText(context)], sealed)
}

const cardVersion = 1

/** Under the newest history key: version u8 · history key version u32 · nonce ‖ ciphertext. */
export async function sealCard(vault: Vault, name: string, bytes: Bytes): Promise<Bytes> {
  const historyKey = vault.historyKeys.at(-1)
  if (historyKey === undefined) throw new Error('a vault has a history key')
  const key = await importAesKey(deriveKey(historyKey.secret.reveal(), labels.card))
  const sealed = await sealBytes(key, labels.card, [idToBytes(vault.account), encodeText(name)], bytes)
  return new Writer(sealed.length + 5).u8(cardVersion).u32(historyKey.version).raw(sealed).finish()
}

/** `undefined`: an unknown version or history key, another name, or changed. */
export async function openCard(vault: Vault, name: string, card: Uint8Array): Promise<Bytes | undefined> {
  const parsed = parseCard(card)
  const historyKey = vault.historyKeys.find(({ version }) => version === parsed?.keyVersion)
  if (parsed === undefined || historyKey === undefined) return undefined
  const key = await importAesKey(deriveKey(historyKey.secret.reveal(), labels.card))
  return openBytes(key, labels.card, [idToBytes(vault.account), encodeText(name)], parsed.sealed)
}

function parseCard(card: Uint8Array): { keyVersion: number; sealed: Bytes } | undefined {
  try {
    const reader = new Reader(card)
    if (reader.u8() !== cardVersion) return undefined
    return { keyVersion: reader.u32(), sealed: reader.raw(reader.left) }
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined
    throw thrown
  }
}
