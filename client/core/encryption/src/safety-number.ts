/**
 * Safety number: 60 digits that both see alike, and the same as a QR code. Like Signal's numeric fingerprint: each
 * identity is hashed over and over (so that near misses cost), the two fingerprints of 30 digits stand in sorted order.
 */
import { sha512 } from '@noble/hashes/sha2.js'
import {
  compareBytes,
  concatBytes,
  encodeText,
  idToBytes,
  type AccountId,
  type Bytes,
} from '@brieftaube/protocol'
import type { GroupState } from './group-state.ts'
import { deriveKey, labels } from './labels.ts'

const iterations = 5200
const fingerprintBytes = 30
const qrVersion = 1

export interface Identity {
  readonly account: AccountId
  readonly accountKey: Uint8Array
}

export interface SafetyNumber {
  /** 60 digits without spaces. */
  readonly digits: string
  /** version u8 ‖ both fingerprints, 30 bytes each. */
  readonly qr: Bytes
}

export function safetyNumber(a: Identity, b: Identity): SafetyNumber {
  const fingerprints = [fingerprint(a), fingerprint(b)].sort(compareBytes)
  return {
    digits: fingerprints.map(writeDigits).join(''),
    qr: concatBytes(Uint8Array.of(qrVersion), ...fingerprints),
  }
}

function fingerprint({ account, accountKey }: Identity): Bytes {
  let hash = concatBytes(encodeText(labels.safetyNumber), idToBytes(account), accountKey)
  for (let round = 0; round < iterations; round++)
    hash = Uint8Array.from(sha512(concatBytes(hash, accountKey)))
  return hash.slice(0, fingerprintBytes)
}

/** Five bytes at a time, modulo 100,000. */
function writeDigits(bytes: Uint8Array): string {
  let digits = ''
  for (let at = 0; at < bytes.length; at += 5) {
    const value = bytes.subarray(at, at + 5).reduce((sum, byte) => sum * 256 + byte, 0)
    digits += String(value % 100_000).padStart(5, '0')
  }
  return digits
}

/** 20 digits of the epoch authenticator (RFC 9420 section 8.7): equal for all members in the same state of the group. */
export function epochCode(state: GroupState): string {
  const code = deriveKey(state.mls.keySchedule.epochAuthenticator, labels.epochCode)
  return writeDigits(code.subarray(0, 20))
}
