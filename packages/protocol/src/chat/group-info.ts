import { Reader, Writer, type Bytes } from '../bytes.ts'
import { hashBytes } from '../entry.ts'
import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'
import { readNotices, writeNotices } from './pending-notices.ts'

/** generation u32 · epoch u64 · seq u64 · head 32 · group info block · pending notices: what an external commit starts from. */
export interface JoinPoint {
  readonly generation: number
  readonly epoch: number
  /** The log's last entry at that moment, and the chain's head there. */
  readonly seq: number
  readonly head: Bytes
  readonly groupInfo: Bytes
  /** What asks for a removal that is not committed yet; at most `pendingNotices`. */
  readonly notices: readonly Bytes[]
}

export function encodeJoinPoint(point: JoinPoint): Bytes {
  const writer = new Writer(point.groupInfo.length + 64)
    .u32(point.generation)
    .u64(point.epoch)
    .u64(point.seq)
    .raw(point.head)
    .block(point.groupInfo)
  return writeNotices(writer, point.notices).finish()
}

/** Throws `MalformedError`. */
export function decodeJoinPoint(bytes: Uint8Array): JoinPoint {
  const reader = new Reader(bytes)
  const point = {
    generation: reader.u32(),
    epoch: reader.u64(),
    seq: reader.u64(),
    head: reader.raw(hashBytes),
    groupInfo: reader.block(limits.commitBundleMaxBytes),
    notices: readNotices(reader),
  }
  reader.end()
  return point
}

/** Answer: `JoinPoint`. For devices of member accounts only. */
export const groupInfo = defineRoute({
  name: 'groupInfo',
  method: 'GET',
  path: '/api/chat/conversations/:conversation/group-info',
  access: 'session',
  summary: 'The current GroupInfo, to join by external commit.',
  replyForm: 'bytes',
})
