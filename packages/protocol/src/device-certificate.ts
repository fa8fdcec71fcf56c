/**
 * Device certificate: the identity of an MLS basic credential (RFC 9420 section 5.3).
 * version u8 · account id 16 · device id 16 · account public key 32 · issued-at u64 (ms) · Ed25519 signature 64
 * by the account key over "brieftaube/device/v1" ‖ those fields ‖ device public key 32.
 * Checking the signature is the business of `group-policy` (clients, chat) and of the auth service.
 */
import { concatBytes, encodeText, MalformedError, Reader, Writer, type Bytes } from './bytes.ts'
import { idBytes, idFromBytes, idToBytes, type AccountId, type DeviceId } from './ids.ts'

export const certificateVersion = 1
export const certificateLabel = 'brieftaube/device/v1'
export const publicKeyBytes = 32
export const signatureBytes = 64
export const certificateBytes = 1 + 2 * idBytes + publicKeyBytes + 8 + signatureBytes

export interface DeviceCertificate {
  readonly account: AccountId
  readonly device: DeviceId
  /** Ed25519, 32 bytes. */
  readonly accountKey: Bytes
  /** Milliseconds since 1970, by the issuing device's clock. */
  readonly issuedAt: number
  /** Ed25519, 64 bytes. */
  readonly signature: Bytes
}

type CertificateFields = Omit<DeviceCertificate, 'signature'>

function encodeFields(fields: CertificateFields): Bytes {
  return new Writer(certificateBytes)
    .u8(certificateVersion)
    .raw(idToBytes(fields.account))
    .raw(idToBytes(fields.device))
    .raw(fields.accountKey)
    .u64(fields.issuedAt)
    .finish()
}

/** What the account key signs. */
export function certificateSignedBytes(fields: CertificateFields, deviceKey: Uint8Array): Bytes {
  return concatBytes(encodeText(certificateLabel), encodeFields(fields), deviceKey)
}

export function encodeCertificate(certificate: DeviceCertificate): Bytes {
  return concatBytes(encodeFields(certificate), certificate.signature)
}

/** Exactly `certificateBytes` long; throws `MalformedError`. Does not check the signature. */
export function parseCertificate(bytes: Uint8Array): DeviceCertificate {
  const reader = new Reader(bytes)
  if (reader.u8() !== certificateVersion) throw new MalformedError('unknown certificate version')
  const certificate = {
    account: idFromBytes<AccountId>(reader.raw(idBytes)),
    device: idFromBytes<DeviceId>(reader.raw(idBytes)),
    accountKey: reader.raw(publicKeyBytes),
    issuedAt: reader.u64(),
    signature: reader.raw(signatureBytes),
  }
  reader.end()
  return certificate
}
