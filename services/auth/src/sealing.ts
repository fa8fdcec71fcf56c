/** What the server hands out or stores for itself alone: AES-256-GCM, one key per purpose by HKDF (RFC 5869). */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import {
  concatBytes,
  decodeBase64Url,
  decodeText,
  encodeBase64Url,
  encodeText,
  type Bytes,
} from '@brieftaube/protocol'

const purposes = {
  login: 'brieftaube/auth-login/v1',
  registration: 'brieftaube/auth-registration/v1',
  refresh: 'brieftaube/auth-refresh/v1',
  invite: 'brieftaube/auth-invite/v1',
} as const

export type SealingPurpose = keyof typeof purposes

export interface Sealer {
  seal(purpose: SealingPurpose, text: string): string
  /** `undefined` for anything that this purpose did not seal. */
  open(purpose: SealingPurpose, sealed: string): string | undefined
  /** HMAC-SHA256 under the purpose's key, 32 bytes. */
  mac(purpose: SealingPurpose, bytes: Uint8Array): Bytes
}

const nonceBytes = 12
const tagBytes = 16

/** `sealingKey`: at least 32 bytes, base64url. */
export function createSealer(sealingKey: string): Sealer {
  const root = decodeBase64Url(sealingKey)
  if (root.length < 32) throw new RangeError('the sealing key has 32 bytes')
  const derive = (label: string) => new Uint8Array(hkdfSync('sha256', root, new Uint8Array(0), label, 32))
  const keyOf = Object.fromEntries(
    Object.entries(purposes).map(([purpose, label]) => [
      purpose,
      { seal: derive(label), mac: derive(`${label}/mac`) },
    ]),
  ) as Record<SealingPurpose, { seal: Uint8Array; mac: Uint8Array }>
  return {
    seal: (purpose, text) => encodeBase64Url(sealWith(keyOf[purpose].seal, encodeText(text))),
    open: (purpose, sealed) => {
      try {
        return decodeText(openWith(keyOf[purpose].seal, decodeBase64Url(sealed)))
      } catch {
        return undefined
      }
    },
    mac: (purpose, bytes) => hmac(keyOf[purpose].mac, bytes),
  }
}

function sealWith(key: Uint8Array, plain: Uint8Array): Bytes {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = concatBytes(cipher.update(plain), cipher.final())
  return concatBytes(nonce, body, cipher.getAuthTag())
}

function openWith(key: Uint8Array, sealed: Uint8Array): Bytes {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  return concatBytes(decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final())
}

export function hmac(key: Uint8Array, bytes: Uint8Array): Bytes {
  return Uint8Array.from(createHmac('sha256', key).update(bytes).digest())
}

export function sha256(bytes: Uint8Array): Bytes {
  return Uint8Array.from(createHash('sha256').update(bytes).digest())
}
