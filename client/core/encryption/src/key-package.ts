/** Key packages of this device: made, and read back when a Welcome asks for one. */
import {
  decodeMlsMessage,
  encodeMlsMessage,
  generateKeyPackageWithKey,
  type KeyPackage,
  type PrivateKeyPackage,
} from 'ts-mls'
import {
  decodeKeyPackage,
  decodeWelcome,
  lastResortExtensionType,
  type Suite,
} from '@brieftaube/group-policy'
import { limits, MalformedError, Reader, Writer, type Bytes } from '@brieftaube/protocol'
import { capabilities } from './client-config.ts'
import type { Device } from './device.ts'
import { mlsSuite } from './mls-suite.ts'

export interface CreatedKeyPackage {
  /** For the server: an MLSMessage. */
  readonly bytes: Bytes
  /** Its name in a Welcome. */
  readonly ref: Bytes
  /** The private keys: seal them before they are stored. */
  readonly secret: Bytes
  readonly suite: Suite
  readonly kind: KeyPackageKind
  readonly notAfterMs: number
}

export type KeyPackageKind = 'one-time' | 'last-resort'

/** Clocks may be off by a day on both sides. */
const clockSkewMs = 2 * 24 * 3600 * 1000

export interface KeyPackageInput {
  readonly suite: Suite
  readonly kind: KeyPackageKind
  readonly nowMs: number
}

export async function createKeyPackage(device: Device, input: KeyPackageInput): Promise<CreatedKeyPackage> {
  const { publicPackage, privatePackage } = await generateKeyPackage(device, input)
  const bytes = encodeKeyPackage(publicPackage)
  const { ref, lifetime } = decodeKeyPackage(bytes)
  const secret = encodeKeyPackageSecret(privatePackage)
  return { bytes, ref, secret, suite: input.suite, kind: input.kind, notAfterMs: lifetime.notAfterMs }
}

export async function generateKeyPackage(
  device: Device,
  { suite, kind, nowMs }: KeyPackageInput,
): Promise<{ publicPackage: KeyPackage; privatePackage: PrivateKeyPackage }> {
  const seconds = (ms: number) => BigInt(Math.max(0, Math.floor(ms / 1000)))
  const lifetime = {
    notBefore: seconds(nowMs - clockSkewMs),
    notAfter: seconds(nowMs + limits.keyPackageLifetimeMs - clockSkewMs),
  }
  const extensions =
    kind === 'last-resort'
      ? [{ extensionType: lastResortExtensionType, extensionData: new Uint8Array(0) }]
      : []
  const credential = { credentialType: 'basic', identity: device.certificate } as const
  const keyPair = { signKey: device.secret.reveal(), publicKey: device.deviceKey }
  return generateKeyPackageWithKey(
    credential,
    capabilities,
    lifetime,
    extensions,
    keyPair,
    await mlsSuite(suite),
  )
}

/** The ref of a key package (an MLSMessage); throws `MalformedError`. */
export function keyPackageRef(bytes: Uint8Array): Bytes {
  return decodeKeyPackage(bytes).ref
}

/** The key packages that a Welcome is for; throws `MalformedError`. */
export function welcomeRefs(welcome: Uint8Array): readonly Bytes[] {
  return decodeWelcome(welcome).refs
}

export function encodeKeyPackage(keyPackage: KeyPackage): Bytes {
  return Uint8Array.from(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage }))
}

/** Strict first, then by the library; throws `MalformedError`. */
export function parseKeyPackage(bytes: Uint8Array): KeyPackage {
  decodeKeyPackage(bytes)
  const message = decodeMlsMessage(bytes, 0)?.[0]
  if (message?.wireformat !== 'mls_key_package') throw new MalformedError('not a key package')
  return message.keyPackage
}

const secretMaxBytes = 8192

function encodeKeyPackageSecret(secret: PrivateKeyPackage): Bytes {
  return new Writer(256).block(secret.initPrivateKey).block(secret.hpkePrivateKey).finish()
}

export function decodeKeyPackageSecret(bytes: Uint8Array, device: Device): PrivateKeyPackage {
  const reader = new Reader(bytes)
  const initPrivateKey = reader.block(secretMaxBytes)
  const hpkePrivateKey = reader.block(secretMaxBytes)
  reader.end()
  return { initPrivateKey, hpkePrivateKey, signaturePrivateKey: Uint8Array.from(device.secret.reveal()) }
}
