/** Welcome (RFC 9420 section 12.4.3.1): whom it is for. */
import { limits, MalformedError, type Bytes } from '@brieftaube/protocol'
import { keyMaxBytes, mls10 } from './leaf.ts'
import { suiteFacts, suiteFromId, type Suite } from './suite.ts'
import { refuseMalformed, TlsReader } from './tls.ts'

export interface WelcomeSummary {
  readonly suite: Suite
  /** KeyPackageRefs of the new members, without repetition. */
  readonly refs: readonly Bytes[]
}

const wireFormatWelcome = 3
const secretsMaxBytes = 1024

/** From an MLSMessage that holds a Welcome; throws `MalformedError` and nothing else. */
export function decodeWelcome(bytes: Uint8Array): WelcomeSummary {
  return refuseMalformed(() => {
    if (bytes.length > limits.commitBundleMaxBytes) throw new MalformedError('Welcome too large')
    const reader = new TlsReader(bytes)
    if (reader.u16() !== mls10 || reader.u16() !== wireFormatWelcome)
      throw new MalformedError('not a Welcome')
    const suite = suiteFromId(reader.u16())
    if (suite === undefined) throw new MalformedError('cipher suite')
    const refs = reader.list(limits.commitBundleMaxBytes, limits.maxLeaves, (list) => readRef(list, suite))
    reader.vector(limits.commitBundleMaxBytes) // encrypted GroupInfo
    reader.end()
    if (refs.length === 0) throw new MalformedError('a Welcome for nobody')
    if (new Set(refs.map((ref) => ref.join())).size !== refs.length)
      throw new MalformedError('welcomed twice')
    return { suite, refs }
  })
}

function readRef(reader: TlsReader, suite: Suite): Bytes {
  const size = suiteFacts[suite].hashBytes
  const ref = Uint8Array.from(reader.vector(size, size))
  reader.vector(keyMaxBytes) // KEM output
  reader.vector(secretsMaxBytes)
  return ref
}
