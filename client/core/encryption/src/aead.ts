/** AES-256-GCM through WebCrypto. */
import { concatBytes, encodeText, type Bytes } from '@brieftaube/protocol'
import type { Label } from './labels.ts'
import { randomBytes } from './random.ts'

export const nonceBytes = 12
export const tagBytes = 16

export function importAesKey(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

export async function encryptAes(
  key: CryptoKey,
  nonce: Bytes,
  associated: Bytes,
  plaintext: Bytes,
): Promise<Bytes> {
  const parameters = { name: 'AES-GCM', iv: nonce, additionalData: associated }
  return new Uint8Array(await crypto.subtle.encrypt(parameters, key, plaintext))
}

/** `undefined` when the key, the nonce, the associated data or a bit of the ciphertext is not the right one. */
export async function decryptAes(
  key: CryptoKey,
  nonce: Bytes,
  associated: Bytes,
  ciphertext: Bytes,
): Promise<Bytes | undefined> {
  const parameters = { name: 'AES-GCM', iv: nonce, additionalData: associated }
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters, key, ciphertext))
  } catch {
    return undefined
  }
}

/** nonce 12 ‖ ciphertext and tag; the label and the context are bound as associated data. */
export async function sealBytes(
  key: CryptoKey,
  label: Label,
  context: readonly Uint8Array[],
  plaintext: Bytes,
): Promise<Bytes> {
  const nonce = randomBytes(nonceBytes)
  return concatBytes(nonce, await encryptAes(key, nonce, associatedData(label, context), plaintext))
}

export async function openBytes(
  key: CryptoKey,
  label: Label,
  context: readonly Uint8Array[],
  sealed: Uint8Array,
): Promise<Bytes | undefined> {
  if (sealed.length < nonceBytes + tagBytes) return undefined
  const nonce = Uint8Array.from(sealed.subarray(0, nonceBytes))
  return decryptAes(key, nonce, associatedData(label, context), Uint8Array.from(sealed.subarray(nonceBytes)))
}

/** Parts behind their lengths, so that no two contexts run together to the same bytes. */
function associatedData(label: Label, context: readonly Uint8Array[]): Bytes {
  const parts = [encodeText(label), ...context]
  return concatBytes(...parts.flatMap((part) => [Uint8Array.of(part.length >> 8, part.length & 0xff), part]))
}
