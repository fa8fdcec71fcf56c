/**
 * A group state for storage, in two parts: what a commit changes (large: trees and keys of the epoch), and what a message
 * changes (small: the ratchets). Both contain secrets: seal them before they are stored.
 */
import { decodeGroupState, encodeGroupState, type ClientState } from 'ts-mls'
import {
  decodeGroupId,
  decodeNotice,
  decodeRoster,
  encodeNotice,
  encodeRoster,
} from '@brieftaube/group-policy'
import { equalBytes, limits, MalformedError, Reader, Writer, type Bytes } from '@brieftaube/protocol'
import { clientConfig } from './client-config.ts'
import { withRoster, type GroupState } from './group-state.ts'
import { refusalOf, refuse, type Outcome } from './outcome.ts'
import { readRatchets, writeRatchets } from './ratchets.ts'

export interface StateParts {
  /** The same object as long as the epoch lasts: whoever has stored it needs not store it again. */
  readonly epochPart: Bytes
  readonly ratchetPart: Bytes
}

const stateVersion = 1
const maxStateBytes = 64 * 1024 * 1024
const maxNotices = 2 ** 16

export function encodeStateParts(state: GroupState): StateParts {
  return { epochPart: encodeEpochPart(state), ratchetPart: encodeRatchetPart(state) }
}

/** Refuses parts that were not stored together. */
export function decodeStateParts({
  epochPart,
  ratchetPart,
}: StateParts): Outcome<{ readonly state: GroupState }> {
  try {
    const epoch = decodeEpochPart(epochPart)
    return { kind: 'ok', state: decodeRatchetPart(ratchetPart, epoch) }
  } catch (thrown) {
    return thrown instanceof OtherEpochError
      ? refuse('wrong-epoch', 'parts of different epochs')
      : refusalOf(thrown)
  }
}

/** Both parts in one. */
export function encodeState(state: GroupState): Bytes {
  const { epochPart, ratchetPart } = encodeStateParts(state)
  return new Writer(epochPart.length + ratchetPart.length + 16)
    .u8(stateVersion)
    .block(epochPart)
    .block(ratchetPart)
    .finish()
}

/** Copies what it takes over: wiping consumed keys later does not reach into `bytes`. */
export function decodeState(bytes: Uint8Array): Outcome<{ readonly state: GroupState }> {
  try {
    const reader = new Reader(bytes)
    if (reader.u8() !== stateVersion) throw new MalformedError('unknown version of a group state')
    const parts = { epochPart: reader.block(maxStateBytes), ratchetPart: reader.block(maxStateBytes) }
    reader.end()
    return decodeStateParts(parts)
  } catch (thrown) {
    return refusalOf(thrown)
  }
}

/** Parts of one epoch have one tree object; nothing else in the part changes while it lasts. */
const encodedEpochs = new WeakMap<ClientState['ratchetTree'], Bytes>()

function encodeEpochPart({ mls, roster }: GroupState): Bytes {
  const known = encodedEpochs.get(mls.ratchetTree)
  if (known !== undefined) return known
  const history: ClientState['historicalReceiverData'] = new Map()
  for (const [epoch, data] of mls.historicalReceiverData)
    history.set(epoch, { ...data, ratchetTree: leavesOnly(data.ratchetTree), secretTree: [] })
  const library = encodeGroupState({ ...mls, secretTree: [], historicalReceiverData: history })
  const rosterBytes = encodeRoster({ ...roster, pending: [] })
  const part = new Writer(library.length + rosterBytes.length + 16)
    .u8(stateVersion)
    .block(rosterBytes)
    .block(library)
    .finish()
  encodedEpochs.set(mls.ratchetTree, part)
  return part
}

/** Of a past epoch only credentials and signature keys are needed, to name and check the senders of late messages. */
function leavesOnly(tree: ClientState['ratchetTree']): ClientState['ratchetTree'] {
  return tree.map((node) =>
    node?.nodeType === 'leaf'
      ? { ...node, leaf: { ...node.leaf, hpkePublicKey: new Uint8Array(0) } }
      : undefined,
  )
}

interface EpochPart {
  readonly mls: ClientState
  readonly roster: GroupState['roster']
  readonly bytes: Bytes
}

function decodeEpochPart(bytes: Bytes): EpochPart {
  const reader = new Reader(bytes)
  if (reader.u8() !== stateVersion) throw new MalformedError('unknown version of a group state')
  const roster = decodeRoster(reader.block(maxStateBytes))
  const library = reader.block(maxStateBytes)
  reader.end()
  const decoded = decodeGroupState(library, 0)
  if (decoded === undefined || decoded[1] !== library.length) throw new MalformedError('not a group state')
  return { mls: { ...decoded[0], clientConfig }, roster, bytes }
}

function encodeRatchetPart({ mls, roster }: GroupState): Bytes {
  const writer = new Writer(4096).u8(stateVersion).u64(Number(mls.groupContext.epoch))
  writer.block(mls.confirmationTag)
  writer.u32(roster.pending.length)
  for (const notice of roster.pending) writer.block(encodeNotice(notice))
  writeRatchets(writer, mls.secretTree)
  writer.u32(mls.historicalReceiverData.size)
  for (const [epoch, { secretTree }] of mls.historicalReceiverData) {
    writer.u64(Number(epoch))
    writeRatchets(writer, secretTree)
  }
  return writer.finish()
}

class OtherEpochError extends Error {
  override readonly name = 'OtherEpochError'
}

function decodeRatchetPart(bytes: Bytes, { mls, roster, bytes: epochPart }: EpochPart): GroupState {
  const reader = new Reader(bytes)
  if (reader.u8() !== stateVersion) throw new MalformedError('unknown version of a group state')
  const sameEpoch = reader.u64() === Number(mls.groupContext.epoch)
  if (!equalBytes(reader.block(64), mls.confirmationTag) || !sameEpoch) throw new OtherEpochError()
  const pending = readMany(reader, () => decodeNotice(reader.block(limits.noticeMaxBytes)))
  const secretTree = readRatchets(reader)
  const past = new Map(readMany(reader, () => [BigInt(reader.u64()), readRatchets(reader)] as const))
  reader.end()
  const history: ClientState['historicalReceiverData'] = new Map()
  for (const [epoch, data] of mls.historicalReceiverData)
    history.set(epoch, { ...data, secretTree: past.get(epoch) ?? [] })
  const full = { ...mls, secretTree, historicalReceiverData: history }
  encodedEpochs.set(full.ratchetTree, epochPart)
  return withRoster(full, { ...roster, pending }, decodeGroupId(full.groupContext.groupId))
}

function readMany<T>(reader: Reader, item: () => T): T[] {
  const count = reader.u32()
  if (count > maxNotices || count > reader.left) throw new MalformedError('too many items')
  return Array.from({ length: count }, item)
}
