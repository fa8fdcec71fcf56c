/**
 * Ed25519 (RFC 8032) in one implementation for every place that must judge alike: engines disagree about edge cases, and
 * clients that disagree about a credential fork the group. Strict: canonical encodings, no keys of small order.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  certificateSignedBytes,
  publicKeyBytes,
  signatureBytes,
  type DeviceCertificate,
} from '@brieftaube/protocol'

/** Whether these 32 bytes are a canonical point that is not of small order. */
export function isSoundPublicKey(key: Uint8Array): boolean {
  if (key.length !== publicKeyBytes) return false
  try {
    return !ed25519.Point.fromBytes(key, false).isSmallOrder()
  } catch {
    return false
  }
}

/** Never throws. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes || !isSoundPublicKey(publicKey)) return false
  if (!isSoundPublicKey(signature.subarray(0, publicKeyBytes))) return false
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
