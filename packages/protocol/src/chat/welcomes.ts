import { Reader, Writer, MalformedError, type Bytes } from '../bytes.ts'
import { hashBytes } from '../entry.ts'
import { idBytes, idFromBytes, idToBytes, type ConversationId } from '../ids.ts'
import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'
import { readNotices, writeNotices } from './pending-notices.ts'

/** conversation 16 · generation u32 · epoch u64 · seq u64 · head 32 · welcome block · pending notices */
export interface PendingWelcome {
  readonly conversation: ConversationId
  readonly generation: number
  /** The epoch that the Welcome leads into. */
  readonly epoch: number
  /** The commit's place in the log and the chain's head there: the joiner's cursor. */
  readonly seq: number
  readonly head: Bytes
  readonly welcome: Bytes
  /** What asks for a removal that is not committed yet; at most `pendingNotices`. */
  readonly notices: readonly Bytes[]
}

/** u32 count, then the welcomes, oldest first; the server sends as many as fit 4 MB. */
export function encodeWelcomes(welcomes: readonly PendingWelcome[]): Bytes {
  const writer = new Writer(4096).u32(welcomes.length)
  for (const each of welcomes) {
    writer
      .raw(idToBytes(each.conversation))
      .u32(each.generation)
      .u64(each.epoch)
      .u64(each.seq)
      .raw(each.head)
      .block(each.welcome)
    writeNotices(writer, each.notices)
  }
  return writer.finish()
}

/** Throws `MalformedError`. */
export function decodeWelcomes(bytes: Uint8Array): PendingWelcome[] {
  const reader = new Reader(bytes)
  const count = reader.u32()
  if (count > limits.conversationsPerAccount) throw new MalformedError('too many welcomes')
  const welcomes: PendingWelcome[] = []
  for (let index = 0; index < count; index++) {
    welcomes.push({
      conversation: idFromBytes<ConversationId>(reader.raw(idBytes)),
      generation: reader.u32(),
      epoch: reader.u64(),
      seq: reader.u64(),
      head: reader.raw(hashBytes),
      welcome: reader.block(limits.commitBundleMaxBytes),
      notices: readNotices(reader),
    })
  }
  reader.end()
  return welcomes
}

export const welcomeList = defineRoute({
  name: 'welcomeList',
  method: 'GET',
  path: '/api/chat/welcomes',
  access: 'session',
  summary: 'The Welcomes that wait for this device; `encodeWelcomes`.',
  replyForm: 'bytes',
})

/** Once the joined state is stored. `generation` and `epoch` in the query name the Welcome that was taken. */
export const welcomeTaken = defineRoute({
  name: 'welcomeTaken',
  method: 'DELETE',
  path: '/api/chat/welcomes/:conversation',
  access: 'session',
  summary: 'This device has stored what the Welcome gave it.',
})
