/** A commit that waits for the server's answer, beside the state that is still current. */
import type { Change } from '@brieftaube/group-policy'
import {
  decodeText,
  encodeText,
  limits,
  MalformedError,
  Reader,
  Writer,
  type Bytes,
} from '@brieftaube/protocol'
import type { GroupState } from './group-state.ts'
import { decodeState, encodeState } from './state-codec.ts'
import { refusalOf, type Outcome } from './outcome.ts'

export interface PendingCommit {
  /** The epoch that the commit ends. */
  readonly baseEpoch: number
  /** The same bytes are posted again after a time-out. */
  readonly commit: Bytes
  readonly next: GroupState
  readonly changes: readonly Change[]
}

const pendingVersion = 1
const maxStateBytes = 64 * 1024 * 1024

/** Contains private keys: seal it before it is stored. */
export function encodePending(pending: PendingCommit): Bytes {
  return new Writer(4096)
    .u8(pendingVersion)
    .u64(pending.baseEpoch)
    .block(pending.commit)
    .block(encodeText(JSON.stringify(pending.changes)))
    .block(encodeState(pending.next))
    .finish()
}

export function decodePending(bytes: Uint8Array): Outcome<{ readonly pending: PendingCommit }> {
  try {
    const reader = new Reader(bytes)
    if (reader.u8() !== pendingVersion) throw new MalformedError('unknown version of a pending commit')
    const baseEpoch = reader.u64()
    const commit = reader.block(limits.commitBundleMaxBytes)
    // written by `encodePending` into sealed storage, so that only its version can be wrong
    const changes = JSON.parse(decodeText(reader.block(maxStateBytes))) as readonly Change[]
    const decoded = decodeState(reader.block(maxStateBytes))
    reader.end()
    return decoded.kind === 'ok'
      ? { kind: 'ok', pending: { baseEpoch, commit, next: decoded.state, changes } }
      : decoded
  } catch (thrown) {
    return refusalOf(thrown)
  }
}
