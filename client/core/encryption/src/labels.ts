/**
 * Every label of this product's own derivations and signatures. One purpose per key, one label per purpose; a label never
 * changes its meaning (a new meaning gets a new version). MLS brings its own labels.
 */
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { leaveLabel, revokeLabel } from '@brieftaube/group-policy'
import { certificateLabel, encodeText, type Bytes } from '@brieftaube/protocol'

export const labels = {
  /** OPAQUE export key → key that wraps the master key. */
  vaultByExportKey: 'brieftaube/vault/v1',
  /** Recovery key → key that wraps the master key. */
  vaultByRecoveryKey: 'brieftaube/recovery-wrap/v1',
  /** Recovery key → what the server knows (hashed) to let its owner fetch the vault. */
  recoveryAuth: 'brieftaube/recovery-auth/v1',
  /** Checksum in the recovery key's text. */
  recoveryCheck: 'brieftaube/recovery-check/v1',
  /** Master key → key that seals the account key and the history keys. */
  vaultContent: 'brieftaube/vault-content/v1',
  /** History key → key of the account-data cards. */
  card: 'brieftaube/card/v1',
  /** AES-GCM associated data of records in the device's store. */
  record: 'brieftaube/record/v1',
  /** AES-GCM associated data of message bodies. */
  body: 'brieftaube/body/v1',
  /** MLS exporter, and signature, of ephemeral messages. */
  ephemeral: 'brieftaube/ephemeral/v1',
  safetyNumber: 'brieftaube/safety-number/v1',
  epochCode: 'brieftaube/epoch-code/v1',
  device: certificateLabel,
  leave: leaveLabel,
  revoke: revokeLabel,
} as const

export type Label = (typeof labels)[keyof typeof labels]

/** HKDF-SHA-256 (RFC 5869) with an empty salt and the label as info; 32 bytes. */
export function deriveKey(secret: Uint8Array, label: Label): Bytes {
  const bytes = expand(sha256, extract(sha256, secret), encodeText(label), 32)
  return Uint8Array.from(bytes)
}
