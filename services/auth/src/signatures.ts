/**
 * What account keys sign, judged as strictly as the clients judge it (RFC 8032, canonical, no keys of small order): a
 * certificate that passed here and failed there would make a device that nobody talks to.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  certificateSignedBytes,
  decodeBase64Url,
  equalBytes,
  parseCertificate,
  parseRevocationStatement,
  ProtocolError,
  publicKeyBytes,
  revocationSignedBytes,
  serverDevice,
  type AccountId,
  type Bytes,
  type DeviceId,
} from '@brieftaube/protocol'

export interface CertifiedDevice {
  readonly device: DeviceId
  readonly deviceKey: Bytes
  readonly certificate: Bytes
}

/** The device, if its certificate is the account's word for this device key; otherwise throws `malformed`. */
export function checkCertificate(
  owner: { account: AccountId; accountKey: Uint8Array },
  presented: { deviceKey: string; certificate: string },
): CertifiedDevice {
  const bytes = decodeBase64Url(presented.certificate)
  const certificate = parseCertificate(bytes)
  const deviceKey = decodeBase64Url(presented.deviceKey)
  const sound =
    certificate.account === owner.account &&
    // the id under which the server itself writes into logs
    certificate.device !== serverDevice &&
    equalBytes(certificate.accountKey, owner.accountKey) &&
    isSoundPublicKey(deviceKey) &&
    verifies(owner.accountKey, certificateSignedBytes(certificate, deviceKey), certificate.signature)
  if (!sound) throw new ProtocolError('malformed', 'The certificate does not vouch for this device.')
  return { device: certificate.device, deviceKey, certificate: bytes }
}

/** The statement's bytes, if the account key revokes exactly this device in it; otherwise throws `malformed`. */
export function checkRevocation(
  owner: { account: AccountId; device: DeviceId; accountKey: Uint8Array },
  statement: string,
): Bytes {
  const bytes = decodeBase64Url(statement)
  const parsed = parseRevocationStatement(bytes)
  const sound =
    parsed.account === owner.account &&
    parsed.device === owner.device &&
    verifies(owner.accountKey, revocationSignedBytes(parsed), parsed.signature)
  if (!sound) throw new ProtocolError('malformed', 'The statement does not revoke this device.')
  return bytes
}

/** Canonical, on the curve, not of small order. */
export function isSoundPublicKey(key: Uint8Array): boolean {
  if (key.length !== publicKeyBytes) return false
  try {
    return !ed25519.Point.fromBytes(key, false).isSmallOrder()
  } catch {
    return false
  }
}

function verifies(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isSoundPublicKey(publicKey) || !isSoundPublicKey(signature.subarray(0, publicKeyBytes))) return false
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false })
  } catch {
    return false
  }
}
