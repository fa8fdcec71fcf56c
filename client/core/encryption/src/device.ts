/** A device: its Ed25519 key, which is its MLS signature key and never leaves it, and the certificate that vouches for it. */
import {
  certificateBytes,
  certificateSignedBytes,
  encodeCertificate,
  parseCertificate,
  publicKeyBytes,
  Reader,
  Writer,
  type AccountId,
  type Bytes,
  type DeviceId,
} from '@brieftaube/protocol'
import { createSigningKey, signingKeyOf, signStatement } from './ed25519.ts'
import type { Secret } from './secret.ts'
import type { Vault } from './vault.ts'

export interface Device {
  readonly account: AccountId
  readonly device: DeviceId
  /** Ed25519, 32 bytes: the user's identity. */
  readonly accountKey: Bytes
  /** Ed25519, 32 bytes. */
  readonly deviceKey: Bytes
  /** Encoded; the identity in the MLS credential. */
  readonly certificate: Bytes
  /** Private half of `deviceKey`. */
  readonly secret: Secret
}

/** A fresh device of this account, certified by its account key. */
export function createDevice(vault: Vault, device: DeviceId, nowMs: number): Device {
  const { account } = vault
  const { publicKey: deviceKey, secret } = createSigningKey()
  const accountKey = vault.accountKey.publicKey
  const fields = { account, device, accountKey, issuedAt: nowMs }
  const signature = signStatement(vault.accountKey.secret, certificateSignedBytes(fields, deviceKey))
  return {
    account,
    device,
    accountKey,
    deviceKey,
    certificate: encodeCertificate({ ...fields, signature }),
    secret,
  }
}

/** Contains the private key: seal it before it is stored. */
export function encodeDevice(device: Device): Bytes {
  return new Writer(certificateBytes + publicKeyBytes)
    .raw(device.certificate)
    .raw(device.secret.reveal())
    .finish()
}

/** Throws `MalformedError`. */
export function decodeDevice(bytes: Uint8Array): Device {
  const reader = new Reader(bytes)
  const certificate = reader.raw(certificateBytes)
  const { publicKey: deviceKey, secret } = signingKeyOf(reader.raw(publicKeyBytes))
  reader.end()
  const { account, device, accountKey } = parseCertificate(certificate)
  return { account, device, accountKey, deviceKey, certificate, secret }
}
