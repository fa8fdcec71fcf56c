/**
 * Ephemeral messages (typing, call signalling): sealed under a key that MLS exports for the epoch, never through the
 * ratchet, and signed by the device, because every member has that key.
 * version u8 · epoch u64 · nonce ‖ AES-256-GCM(leaf u32 · sent-at u64 · signature 64 · payload block · zeros to 128 · k)
 */
import { mlsExporter } from 'ts-mls'
import { encodeGroupId, verifySignature } from '@brieftaube/group-policy'
import {
  concatBytes,
  encodeText,
  limits,
  Reader,
  signatureBytes,
  Writer,
  type Bytes,
} from '@brieftaube/protocol'
import { importAesKey, nonceBytes, openBytes, sealBytes, tagBytes } from './aead.ts'
import { signStatement } from './ed25519.ts'
import type { GroupState } from './group-state.ts'
import { labels } from './labels.ts'
import type { Sender } from './message.ts'
import { mlsSuite } from './mls-suite.ts'
import { guarded, refuse, type Outcome } from './outcome.ts'
import { makeSecret } from './secret.ts'

const ephemeralVersion = 1
const paddingBytes = 128
const headBytes = 4 + 8 + signatureBytes + 4
export const ephemeralPayloadMaxBytes =
  limits.ephemeralMaxBytes - 9 - nonceBytes - tagBytes - headBytes - paddingBytes

export function sealEphemeral(
  state: GroupState,
  payload: Bytes,
  sentAtMs: number,
): Promise<Outcome<{ readonly bytes: Bytes }>> {
  return guarded(async () => {
    if (state.status === 'removed') return refuse('removed')
    if (payload.length > ephemeralPayloadMaxBytes) return refuse('too-large')
    const signed = signedBytes(state, state.ownLeaf, sentAtMs, payload)
    const signature = signStatement(makeSecret(Uint8Array.from(state.mls.signaturePrivateKey)), signed)
    const writer = new Writer(512).u32(state.ownLeaf).u64(sentAtMs).raw(signature).block(payload)
    const plain = writer.finish()
    const padded = new Uint8Array(Math.ceil(plain.length / paddingBytes) * paddingBytes)
    padded.set(plain)
    const sealed = await sealBytes(await epochKey(state), labels.ephemeral, context(state), padded)
    return {
      kind: 'ok',
      bytes: new Writer(512).u8(ephemeralVersion).u64(state.epoch).raw(sealed).finish(),
    } as const
  })
}

export interface OpenedEphemeral {
  readonly payload: Bytes
  readonly sender: Sender
  /** By the sender's clock; copies have the same. */
  readonly sentAtMs: number
}

/** Only of the current epoch: ephemerals are hints, and what comes late is worth nothing. */
export function openEphemeral(state: GroupState, bytes: Uint8Array): Promise<Outcome<OpenedEphemeral>> {
  return guarded(async () => {
    if (bytes.length > limits.ephemeralMaxBytes) return refuse('too-large')
    const outer = new Reader(bytes)
    if (outer.u8() !== ephemeralVersion) return refuse('malformed', 'unknown version')
    if (outer.u64() !== state.epoch || state.status === 'removed') return refuse('wrong-epoch')
    const padded = await openBytes(
      await epochKey(state),
      labels.ephemeral,
      context(state),
      outer.raw(outer.left),
    )
    if (padded === undefined) return refuse('not-authentic')
    const reader = new Reader(padded)
    const leaf = reader.u32()
    const sentAtMs = reader.u64()
    const signature = reader.raw(signatureBytes)
    const payload = reader.block(ephemeralPayloadMaxBytes)
    const member = state.roster.leaves[leaf]
    if (member === undefined) return refuse('wrong-sender')
    if (!verifySignature(member.deviceKey, signedBytes(state, leaf, sentAtMs, payload), signature))
      return refuse('not-authentic')
    return {
      kind: 'ok',
      payload,
      sentAtMs,
      sender: { leaf, account: member.account, device: member.device },
    } as const
  })
}

const keys = new WeakMap<Uint8Array, Promise<CryptoKey>>()

function epochKey(state: GroupState): Promise<CryptoKey> {
  const { exporterSecret } = state.mls.keySchedule
  const known = keys.get(exporterSecret)
  if (known !== undefined) return known
  const key = deriveEpochKey(state)
  keys.set(exporterSecret, key)
  return key
}

async function deriveEpochKey(state: GroupState): Promise<CryptoKey> {
  const suite = await mlsSuite(state.suite)
  const { exporterSecret } = state.mls.keySchedule
  const key = await mlsExporter(exporterSecret, labels.ephemeral, encodeGroupId(state), 32, suite)
  return importAesKey(Uint8Array.from(key))
}

function context(state: GroupState): readonly Uint8Array[] {
  return [encodeGroupId(state), new Writer(8).u64(state.epoch).finish()]
}

function signedBytes(state: GroupState, leaf: number, sentAtMs: number, payload: Uint8Array): Bytes {
  const fields = new Writer(32).u64(state.epoch).u32(leaf).u64(sentAtMs).finish()
  return concatBytes(encodeText(labels.ephemeral), encodeGroupId(state), fields, payload)
}
