/**
 * One row of a conversation's log, its digest and the hash chain.
 *
 * digest(entry) = SHA-256(conversation 16 ‖ generation u32 ‖ epoch u64 ‖ kind u8 ‖ device 16 ‖ counter u64 ‖ at u64
 *                 ‖ SHA-256(mls) ‖ SHA-256(body))
 * head(k) = SHA-256(head(k−1) ‖ seq u64 ‖ digest), head(0) = 32 zero bytes.
 *
 * The digest takes the body by its hash, so that a body can be deleted while the chain stays verifiable; everything
 * in it is known before the sequence number, so that the database only folds.
 */
import { MalformedError, Reader, Writer, type Bytes } from './bytes.ts'
import { idBytes, idFromBytes, idToBytes, type ConversationId, type DeviceId } from './ids.ts'
import { limits } from './limits.ts'

export const entryKinds = ['message', 'commit', 'external-commit', 'notice', 'reset'] as const
export type EntryKind = (typeof entryKinds)[number]

export const hashBytes = 32
export const firstHead: Bytes = new Uint8Array(hashBytes)

export interface Entry {
  readonly conversation: ConversationId
  readonly generation: number
  /** 1, 2, 3 … without gaps. */
  readonly seq: number
  /** The epoch in which it was made; a commit made in epoch n leads to n + 1. */
  readonly epoch: number
  readonly kind: EntryKind
  /** The appending device; sixteen zero bytes for a notice or a reset, which the server writes. */
  readonly device: DeviceId
  readonly counter: number
  /** When the server accepted it: milliseconds since 1970. */
  readonly at: number
  /** MLSMessage (RFC 9420 section 6): PrivateMessage for a message, PublicMessage for a commit; a notice's bytes. */
  readonly mls: Bytes
  /** The sealed body of a message; empty otherwise, and after deletion. */
  readonly body: Bytes
  /** Present only when the body was deleted. */
  readonly bodyHash?: Bytes | undefined
}

/** The device id of rows that the server itself writes. */
export const serverDevice: DeviceId = idFromBytes<DeviceId>(new Uint8Array(idBytes))

/** Everything but `mls` and body, or its hash. */
const entryFixedBytes = 2 * idBytes + 46
const entryDigestBytes = 2 * idBytes + 29 + 2 * hashBytes
const HAS_BODY = 0
const BODY_DELETED = 1

export function encodeEntry(entry: Entry): Bytes {
  const writer = new Writer(entryFixedBytes + entry.mls.length + (entry.bodyHash ?? entry.body).length)
    .raw(idToBytes(entry.conversation))
    .u32(entry.generation)
    .u64(entry.seq)
    .u64(entry.epoch)
    .u8(entryKinds.indexOf(entry.kind))
    .raw(idToBytes(entry.device))
    .u64(entry.counter)
    .u64(entry.at)
    .block(entry.mls)
  return entry.bodyHash === undefined
    ? writer.u8(HAS_BODY).block(entry.body).finish()
    : writer.u8(BODY_DELETED).block(entry.bodyHash).finish()
}

/** Throws `MalformedError`. */
export function decodeEntry(bytes: Uint8Array): Entry {
  const reader = new Reader(bytes)
  const entry = readEntry(reader)
  reader.end()
  return entry
}

export function readEntry(reader: Reader): Entry {
  const conversation = idFromBytes<ConversationId>(reader.raw(idBytes))
  const generation = reader.u32()
  const seq = reader.u64()
  const epoch = reader.u64()
  const kind = entryKinds[reader.u8()]
  if (kind === undefined) throw new MalformedError('unknown entry kind')
  const device = idFromBytes<DeviceId>(reader.raw(idBytes))
  const counter = reader.u64()
  const at = reader.u64()
  const mls = reader.block(limits.commitBundleMaxBytes)
  const marker = reader.u8()
  if (marker !== HAS_BODY && marker !== BODY_DELETED) throw new MalformedError('unknown body marker')
  const rest = reader.block(limits.bodyMaxBytes)
  const deleted = marker === BODY_DELETED
  if (deleted && rest.length !== hashBytes) throw new MalformedError('a body hash has 32 bytes')
  const body = deleted ? new Uint8Array(0) : rest
  const entry = { conversation, generation, seq, epoch, kind, device, counter, at, mls, body }
  return deleted ? { ...entry, bodyHash: rest } : entry
}

/** A page of the log: u32 count, then each entry as a block. */
export function encodeEntries(entries: readonly Entry[]): Bytes {
  const writer = new Writer(4096).u32(entries.length)
  for (const entry of entries) writer.block(encodeEntry(entry))
  return writer.finish()
}

export function decodeEntries(bytes: Uint8Array): Entry[] {
  const reader = new Reader(bytes)
  const count = reader.u32()
  if (count > limits.catchUpPageEntries) throw new MalformedError('too many entries')
  const entries = Array.from({ length: count }, () =>
    decodeEntry(reader.block(limits.commitBundleMaxBytes + limits.bodyMaxBytes)),
  )
  reader.end()
  return entries
}

/** The bytes whose SHA-256 is the entry's digest. `seq` is not part of it. */
export function entryDigestInput(
  entry: Omit<Entry, 'seq' | 'mls' | 'body' | 'bodyHash'>,
  mlsHash: Uint8Array,
  bodyHash: Uint8Array,
): Bytes {
  return new Writer(entryDigestBytes)
    .raw(idToBytes(entry.conversation))
    .u32(entry.generation)
    .u64(entry.epoch)
    .u8(entryKinds.indexOf(entry.kind))
    .raw(idToBytes(entry.device))
    .u64(entry.counter)
    .u64(entry.at)
    .raw(mlsHash)
    .raw(bodyHash)
    .finish()
}

/** The bytes whose SHA-256 is head(seq). */
export function headInput(previous: Uint8Array, seq: number, digest: Uint8Array): Bytes {
  return new Writer(2 * hashBytes + 8).raw(previous).u64(seq).raw(digest).finish()
}
