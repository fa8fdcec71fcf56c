/** The binary requests that carry MLS handshakes over HTTP (RFC 9420 sections 6, 12.4). They can reach 4 MB. */
import { Reader, Writer, type Bytes } from '../bytes.ts'
import { idBytes, idFromBytes, idToBytes, type ConversationId } from '../ids.ts'
import { limits } from '../limits.ts'

/** generation u32 · base epoch u64 · counter u64 · commit block · welcome block (empty: none) · group info block */
export interface CommitBundle {
  readonly generation: number
  /** The epoch in which the commit was made. */
  readonly epoch: number
  /** The committing device's counter: the same counter with the same bytes gets the old answer. */
  readonly counter: number
  readonly commit: Bytes
  readonly welcome: Bytes
  /** Of the epoch after the commit, with ratchet tree and external public key. */
  readonly groupInfo: Bytes
}

export function encodeCommitBundle(bundle: CommitBundle): Bytes {
  return new Writer(bundle.commit.length + bundle.welcome.length + bundle.groupInfo.length + 64)
    .u32(bundle.generation)
    .u64(bundle.epoch)
    .u64(bundle.counter)
    .block(bundle.commit)
    .block(bundle.welcome)
    .block(bundle.groupInfo)
    .finish()
}

/** Throws `MalformedError`. */
export function decodeCommitBundle(bytes: Uint8Array): CommitBundle {
  const reader = new Reader(bytes)
  const bundle = {
    generation: reader.u32(),
    epoch: reader.u64(),
    counter: reader.u64(),
    commit: reader.block(limits.commitBundleMaxBytes),
    welcome: reader.block(limits.commitBundleMaxBytes),
    groupInfo: reader.block(limits.commitBundleMaxBytes),
  }
  reader.end()
  return bundle
}

/**
 * A new conversation, or a new generation of one: the group at epoch 0 with its creator's leaf alone, and optionally
 * the first commit, stored in one transaction. conversation 16 · group info block · first commit block (empty: none)
 */
export interface GroupCreation {
  readonly conversation: ConversationId
  readonly groupInfo: Bytes
  readonly firstCommit: CommitBundle | undefined
}

export function encodeGroupCreation(creation: GroupCreation): Bytes {
  const first =
    creation.firstCommit === undefined ? new Uint8Array(0) : encodeCommitBundle(creation.firstCommit)
  return new Writer(creation.groupInfo.length + first.length + 32)
    .raw(idToBytes(creation.conversation))
    .block(creation.groupInfo)
    .block(first)
    .finish()
}

/** Throws `MalformedError`. */
export function decodeGroupCreation(bytes: Uint8Array): GroupCreation {
  const reader = new Reader(bytes)
  const conversation = idFromBytes<ConversationId>(reader.raw(idBytes))
  const groupInfo = reader.block(limits.commitBundleMaxBytes)
  const first = reader.block(limits.commitBundleMaxBytes)
  reader.end()
  return { conversation, groupInfo, firstCommit: first.length === 0 ? undefined : decodeCommitBundle(first) }
}
