/** KeyPackage (RFC 9420 section 10), alone in an MLSMessage or inside an Add. */
import {
  concatBytes,
  encodeText,
  limits,
  MalformedError,
  signatureBytes,
  type Bytes,
} from '@brieftaube/protocol'
import { lastResortExtensionType, mls10, readLeafNode, type Leaf, type Lifetime } from './leaf.ts'
import { suiteFacts, suiteFromId, type Suite } from './suite.ts'
import { encodeVectorLength, refuseMalformed, TlsReader } from './tls.ts'

/** Longest lifetime, plus three days so that clocks may be wrong by a day on both sides. */
const maxLifetimeMs = limits.keyPackageLifetimeMs + 3 * 24 * 3600 * 1000
const wireFormatKeyPackage = 5
const refLabel = encodeText('MLS 1.0 KeyPackage Reference')

export interface KeyPackageSummary {
  readonly suite: Suite
  readonly leaf: Leaf
  /** KeyPackageRef (RFC 9420 section 5.2): 64 bytes with X-Wing, 32 with X25519. */
  readonly ref: Bytes
  readonly lifetime: Lifetime
  readonly lastResort: boolean
}

/** From an MLSMessage that holds a KeyPackage; throws `MalformedError`. */
export function decodeKeyPackage(bytes: Uint8Array): KeyPackageSummary {
  return refuseMalformed(() => {
    if (bytes.length > limits.keyPackageMaxBytes) throw new MalformedError('key package too large')
    const reader = new TlsReader(bytes)
    if (reader.u16() !== mls10 || reader.u16() !== wireFormatKeyPackage)
      throw new MalformedError('not a key package')
    const summary = readKeyPackage(reader)
    reader.end()
    return summary
  })
}

export function readKeyPackage(reader: TlsReader): KeyPackageSummary {
  const start = reader.offset
  if (reader.u16() !== mls10) throw new MalformedError('MLS version')
  const suite = suiteFromId(reader.u16())
  if (suite === undefined) throw new MalformedError('cipher suite')
  const keyBytes = suiteFacts[suite].encryptionKeyBytes
  reader.vector(keyBytes, keyBytes) // init key
  const { leaf, source, lifetime } = readLeafNode(reader)
  if (source !== 'key-package' || lifetime === undefined) throw new MalformedError('leaf node source')
  if (leaf.suite !== suite) throw new MalformedError('encryption key of another suite')
  if (lifetime.notAfterMs - lifetime.notBeforeMs > maxLifetimeMs)
    throw new MalformedError('lifetime too long')
  const extensions = reader.list(8, 1, readExtensionType)
  if (extensions.some((type) => type !== lastResortExtensionType))
    throw new MalformedError('key package extension')
  reader.vector(signatureBytes, signatureBytes)
  const ref = refHash(suite, reader.since(start))
  return { suite, leaf, ref, lifetime, lastResort: extensions.length === 1 }
}

function readExtensionType(reader: TlsReader): number {
  const type = reader.u16()
  reader.vector(0)
  return type
}

function refHash(suite: Suite, value: Uint8Array): Bytes {
  const input = concatBytes(
    encodeVectorLength(refLabel.length),
    refLabel,
    encodeVectorLength(value.length),
    value,
  )
  return Uint8Array.from(suiteFacts[suite].hash(input))
}
