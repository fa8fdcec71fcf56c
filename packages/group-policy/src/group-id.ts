/** MLS group id = conversation id 16 ‖ generation u32. */
import {
  idBytes,
  idFromBytes,
  idToBytes,
  Reader,
  Writer,
  type Bytes,
  type ConversationId,
} from '@brieftaube/protocol'

export const groupIdBytes = idBytes + 4

export interface GroupId {
  readonly conversation: ConversationId
  /** Counts the resets of a conversation; each is a new MLS group. */
  readonly generation: number
}

export function encodeGroupId(id: GroupId): Bytes {
  return new Writer(groupIdBytes).raw(idToBytes(id.conversation)).u32(id.generation).finish()
}

/** Throws `MalformedError`. */
export function decodeGroupId(bytes: Uint8Array): GroupId {
  const reader = new Reader(bytes)
  const id = { conversation: idFromBytes<ConversationId>(reader.raw(idBytes)), generation: reader.u32() }
  reader.end()
  return id
}
