/**
 * Notices: signed statements that ask for a removal. The server writes them into the log at once; any member may then
 * commit the Remove, and carries the notice in the commit's authenticated data, so that everybody can judge the commit
 * from its own bytes — also a member who joined after the notice.
 *
 * version u8 · kind u8 · fields · Ed25519 signature 64 by the account key over label ‖ fields
 *   0 leave           conversation 16 · generation u32 · epoch u64 · account 16 · issued-at u64 (ms)
 *   1 device-revoked  account 16 · device 16 · issued-at u64 (ms)
 */
import {
  concatBytes,
  encodeText,
  idBytes,
  idFromBytes,
  idToBytes,
  limits,
  MalformedError,
  Reader,
  signatureBytes,
  Writer,
  type AccountId,
  type Bytes,
  type ConversationId,
  type DeviceId,
} from '@brieftaube/protocol'
import { verifySignature } from './signature.ts'

export const leaveLabel = 'brieftaube/leave/v1'
export const revokeLabel = 'brieftaube/revoke/v1'
const noticeVersion = 1
const kinds = ['leave', 'device-revoked'] as const

export interface LeaveFields {
  readonly kind: 'leave'
  readonly account: AccountId
  readonly conversation: ConversationId
  readonly generation: number
  /** The epoch in which it was signed; it counts for `leaveValidEpochs` from there, so that it cannot be used again later. */
  readonly epoch: number
  readonly issuedAt: number
}

export interface RevocationFields {
  readonly kind: 'device-revoked'
  readonly account: AccountId
  readonly device: DeviceId
  readonly issuedAt: number
}

export type NoticeFields = LeaveFields | RevocationFields
export type Notice = NoticeFields & { readonly signature: Bytes }

export const leaveValidEpochs = 256

function encodeFields(fields: NoticeFields): Bytes {
  const writer = new Writer(96)
  if (fields.kind === 'leave') {
    writer
      .raw(idToBytes(fields.conversation))
      .u32(fields.generation)
      .u64(fields.epoch)
      .raw(idToBytes(fields.account))
  } else {
    writer.raw(idToBytes(fields.account)).raw(idToBytes(fields.device))
  }
  return writer.u64(fields.issuedAt).finish()
}

/** What the account key signs. */
export function noticeSignedBytes(fields: NoticeFields): Bytes {
  return concatBytes(encodeText(fields.kind === 'leave' ? leaveLabel : revokeLabel), encodeFields(fields))
}

export function encodeNotice(notice: Notice): Bytes {
  return concatBytes(
    Uint8Array.of(noticeVersion, kinds.indexOf(notice.kind)),
    encodeFields(notice),
    notice.signature,
  )
}

/** Throws `MalformedError`; does not check the signature. */
export function decodeNotice(bytes: Uint8Array): Notice {
  if (bytes.length > limits.noticeMaxBytes) throw new MalformedError('notice too large')
  const reader = new Reader(bytes)
  if (reader.u8() !== noticeVersion) throw new MalformedError('unknown notice version')
  const kind = kinds[reader.u8()]
  if (kind === undefined) throw new MalformedError('unknown notice kind')
  const fields = kind === 'leave' ? readLeave(reader) : readRevocation(reader)
  const notice = { ...fields, signature: reader.raw(signatureBytes) }
  reader.end()
  return notice
}

function readLeave(reader: Reader): LeaveFields {
  return {
    kind: 'leave',
    conversation: idFromBytes<ConversationId>(reader.raw(idBytes)),
    generation: reader.u32(),
    epoch: reader.u64(),
    account: idFromBytes<AccountId>(reader.raw(idBytes)),
    issuedAt: reader.u64(),
  }
}

function readRevocation(reader: Reader): RevocationFields {
  return {
    kind: 'device-revoked',
    account: idFromBytes<AccountId>(reader.raw(idBytes)),
    device: idFromBytes<DeviceId>(reader.raw(idBytes)),
    issuedAt: reader.u64(),
  }
}

/** Whether this account key signed it. */
export function verifyNotice(notice: Notice, accountKey: Uint8Array): boolean {
  return verifySignature(accountKey, noticeSignedBytes(notice), notice.signature)
}
