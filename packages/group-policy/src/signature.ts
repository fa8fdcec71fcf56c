/**
 * Ed25519 (RFC 8032) in one implementation for every place that must judge alike: engines disagree about edge cases, and
 * clients that disagree about a credential fork the group. Strict: canonical encodings, keys of the large subgroup only.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  certificateSignedBytes,
  encodeHex,
  publicKeyBytes,
  signatureBytes,
  type DeviceCertificate,
} from '@brieftaube/protocol'

const judgedKeys = new Map<string, boolean>()
const maxJudgedKeys = 8192

/** Whether these 32 bytes are a canonical point of the large subgroup, other than its neutral element. */
export function isSoundPublicKey(key: Uint8Array): boolean {
  if (key.length !== publicKeyBytes) return false
  const name = encodeHex(key)
  const known = judgedKeys.get(name)
  if (known !== undefined) return known
  const point = decodePoint(key)
  const sound = point !== undefined && !point.isSmallOrder() && point.isTorsionFree()
  if (judgedKeys.size >= maxJudgedKeys) judgedKeys.clear()
  judgedKeys.set(name, sound)
  return sound
}

function decodePoint(bytes: Uint8Array): InstanceType<typeof ed25519.Point> | undefined {
  try {
    return ed25519.Point.fromBytes(bytes, false)
  } catch {
    return undefined
  }
}

/** Never throws. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes || !isSoundPublicKey(publicKey)) return false
  if (decodePoint(signature.subarray(0, publicKeyBytes))?.isSmallOrder() !== false) return false
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}

/** Whether the account key in the certificate vouches for this device key. */
export function verifyCertificate(certificate: DeviceCertificate, deviceKey: Uint8Array): boolean {
  if (!isSoundPublicKey(deviceKey)) return false
  return verifySignature(
    certificate.accountKey,
    certificateSignedBytes(certificate, deviceKey),
    certificate.signature,
  )
}
