/** The authenticated data of a commit: nothing, or version u8 · u32 count · notices as blocks, that justify its Removes. */
import { limits, MalformedError, Reader, Writer, type Bytes } from '@brieftaube/protocol'
import { decodeNotice, encodeNotice, type Notice } from './notice.ts'

const evidenceVersion = 1
export const maxEvidence = 64
export const evidenceMaxBytes = 5 + maxEvidence * (limits.noticeMaxBytes + 4)

export function encodeEvidence(notices: readonly Notice[]): Bytes {
  if (notices.length === 0) return new Uint8Array(0)
  const writer = new Writer(256).u8(evidenceVersion).u32(notices.length)
  for (const notice of notices) writer.block(encodeNotice(notice))
  return writer.finish()
}

/** Throws `MalformedError`. */
export function decodeEvidence(bytes: Uint8Array): Notice[] {
  if (bytes.length === 0) return []
  const reader = new Reader(bytes)
  if (reader.u8() !== evidenceVersion) throw new MalformedError('unknown evidence version')
  const count = reader.u32()
  if (count === 0 || count > maxEvidence) throw new MalformedError('evidence count')
  const notices = Array.from({ length: count }, () => decodeNotice(reader.block(limits.noticeMaxBytes)))
  reader.end()
  return notices
}
