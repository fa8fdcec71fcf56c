/** LeafNode (RFC 9420 section 7.2) as we allow it: basic credential with a device certificate, fixed capabilities. */
import {
  certificateBytes,
  concatBytes,
  MalformedError,
  parseCertificate,
  publicKeyBytes,
  serverDevice,
  signatureBytes,
  type AccountId,
  type Bytes,
  type DeviceCertificate,
  type DeviceId,
} from '@brieftaube/protocol'
import { rulesExtensionType } from './rules.ts'
import { suiteFacts, suites, type Suite } from './suite.ts'
import type { TlsReader } from './tls.ts'

/** What a roster knows of a leaf. */
export interface RosterLeaf {
  readonly account: AccountId
  readonly device: DeviceId
  /** Ed25519 public key of the account, 32 bytes. */
  readonly accountKey: Bytes
  /** Ed25519 public key of the device, the MLS signature key, 32 bytes. */
  readonly deviceKey: Bytes
}

export interface Leaf extends RosterLeaf {
  readonly certificate: DeviceCertificate
  readonly suite: Suite
}

export type LeafSource = 'key-package' | 'commit'

export interface Lifetime {
  /** Milliseconds since 1970. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

/** `last_resort` of the MLS extensions document: a key package that may be handed out more than once. */
export const lastResortExtensionType = 0x000a
const basicCredential = 1
export const mls10 = 1

/** Longest vector in a leaf, parent or key package: an X-Wing key. */
export const keyMaxBytes = suiteFacts['xwing-256'].encryptionKeyBytes
export const hashMaxBytes = 64

/**
 * Capabilities that every leaf has, byte for byte. Members that differ here could disagree about whether a commit is
 * valid; a later version of this program widens the accepted set before any client sends more.
 */
const capabilities = concatBytes(
  u16List([mls10]),
  u16List([suiteFacts['xwing-256'].id, suiteFacts['x25519-128'].id]),
  u16List([lastResortExtensionType, rulesExtensionType]),
  u16List([]),
  u16List([basicCredential]),
)

function u16List(values: readonly number[]): Uint8Array {
  return Uint8Array.from([values.length * 2, ...values.flatMap((value) => [value >> 8, value & 0xff])])
}

/** Reads one LeafNode; throws `MalformedError`. Signatures are checked elsewhere. */
export function readLeafNode(reader: TlsReader): {
  leaf: Leaf
  source: LeafSource
  lifetime: Lifetime | undefined
} {
  const suite = suiteOfKey(reader.vector(keyMaxBytes).length)
  const deviceKey = Uint8Array.from(reader.vector(publicKeyBytes, publicKeyBytes))
  if (reader.u16() !== basicCredential) throw new MalformedError('credential type')
  const certificate = parseCertificate(reader.vector(certificateBytes, certificateBytes))
  // the server's own rows stand under this id
  if (certificate.device === serverDevice) throw new MalformedError('the server’s device')
  reader.expect(capabilities, 'capabilities')
  const { source, lifetime } = readSource(reader)
  reader.vector(0) // extensions: none are in use
  reader.vector(signatureBytes, signatureBytes)
  const { account, device, accountKey } = certificate
  return { leaf: { account, device, accountKey, deviceKey, certificate, suite }, source, lifetime }
}

function readSource(reader: TlsReader): { source: LeafSource; lifetime: Lifetime | undefined } {
  const source = reader.u8()
  if (source === 1) return { source: 'key-package', lifetime: readLifetime(reader) }
  if (source !== 3) throw new MalformedError('leaf node source')
  reader.vector(hashMaxBytes) // parent hash
  return { source: 'commit', lifetime: undefined }
}

function readLifetime(reader: TlsReader): Lifetime {
  const notBeforeMs = reader.u64() * 1000
  const notAfterMs = reader.u64() * 1000
  if (!Number.isSafeInteger(notAfterMs) || notBeforeMs > notAfterMs) throw new MalformedError('lifetime')
  return { notBeforeMs, notAfterMs }
}

function suiteOfKey(sizeBytes: number): Suite {
  const suite = suites.find((candidate) => suiteFacts[candidate].encryptionKeyBytes === sizeBytes)
  if (suite === undefined) throw new MalformedError('encryption key size')
  return suite
}
