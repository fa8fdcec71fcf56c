import { Reader, Writer, type Bytes } from '../bytes.ts'
import { hashBytes } from '../entry.ts'
import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'

/** generation u32 · epoch u64 · seq u64 · head 32 · group info block: what an external commit starts from. */
export interface JoinPoint {
  readonly generation: number
  readonly epoch: number
  /** The log's last entry at that moment, and the chain's head there. */
  readonly seq: number
  readonly head: Bytes
  readonly groupInfo: Bytes
}

export function encodeJoinPoint(point: JoinPoint): Bytes {
  return new Writer(point.groupInfo.length + 64)
    .u32(point.generation)
    .u64(point.epoch)
    .u64(point.seq)
    .raw(point.head)
    .block(point.groupInfo)
    .finish()
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
