/** PrivateMessage of an application message (RFC 9420 section 6.3), as far as it is readable without keys. */
import { limits, MalformedError } from '@brieftaube/protocol'
import { decodeGroupId, groupIdBytes, type GroupId } from './group-id.ts'
import { mls10 } from './leaf.ts'
import { refuseMalformed, TlsReader } from './tls.ts'

export interface MessageFrame {
  readonly groupId: GroupId
  readonly epoch: number
}

const wireFormatPrivateMessage = 2
const contentTypeApplication = 1
/** leaf u32 ‖ generation u32 ‖ reuse guard 4 ‖ AEAD tag 16 */
const senderDataBytes = 28

/** Throws `MalformedError` and nothing else; also for a PublicMessage, a proposal or a commit. */
export function decodeMessageFrame(bytes: Uint8Array): MessageFrame {
  return refuseMalformed(() => {
    if (bytes.length > limits.mlsMessageMaxBytes) throw new MalformedError('message too large')
    const reader = new TlsReader(bytes)
    if (reader.u16() !== mls10 || reader.u16() !== wireFormatPrivateMessage)
      throw new MalformedError('not a PrivateMessage')
    const groupId = decodeGroupId(reader.vector(groupIdBytes, groupIdBytes))
    const epoch = reader.u64()
    if (reader.u8() !== contentTypeApplication) throw new MalformedError('not an application message')
    reader.vector(0) // authenticated data: never used by messages
    reader.vector(senderDataBytes, senderDataBytes)
    reader.vector(limits.mlsMessageMaxBytes)
    reader.end()
    return { groupId, epoch }
  })
}
