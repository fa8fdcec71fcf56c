/**
 * The notices that wait for their removal, for whoever joins behind them in the log: count u16 · notice blocks
 * (group-policy, notice.ts). They are signed; who reads them checks the signatures before they count.
 */
import { MalformedError, type Bytes, type Reader, type Writer } from '../bytes.ts'
import { limits } from '../limits.ts'

export function writeNotices(writer: Writer, notices: readonly Uint8Array[]): Writer {
  writer.u16(notices.length)
  for (const notice of notices) writer.block(notice)
  return writer
}

/** Throws `MalformedError`. */
export function readNotices(reader: Reader): Bytes[] {
  const count = reader.u16()
  if (count > limits.pendingNotices) throw new MalformedError('too many notices')
  return Array.from({ length: count }, () => reader.block(limits.noticeMaxBytes))
}
