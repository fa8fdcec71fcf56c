/** Signed statements of an account: the notices of `group-policy`. */
import { encodeNotice, noticeSignedBytes, type NoticeFields } from '@brieftaube/group-policy'
import type { Bytes, ConversationId, DeviceId } from '@brieftaube/protocol'
import { signStatement } from './ed25519.ts'
import type { Vault } from './vault.ts'

export interface LeaveInput {
  readonly conversation: ConversationId
  readonly generation: number
  /** The group's epoch now. */
  readonly epoch: number
  /** Milliseconds since 1970. */
  readonly issuedAt: number
}

/** A notice that this account leaves a conversation, encoded. */
export function signLeave(vault: Vault, input: LeaveInput): Bytes {
  return sign(vault, { kind: 'leave', account: vault.account, ...input })
}

/** A notice that a device of this account is revoked, encoded; it counts in every conversation. */
export function signRevocation(
  vault: Vault,
  input: { readonly device: DeviceId; readonly issuedAt: number },
): Bytes {
  return sign(vault, { kind: 'device-revoked', account: vault.account, ...input })
}

function sign(vault: Vault, fields: NoticeFields): Bytes {
  return encodeNotice({
    ...fields,
    signature: signStatement(vault.accountKey.secret, noticeSignedBytes(fields)),
  })
}
