/** The proof that a recovery key gives for logging in: 32 bytes, of which only a keyed hash is stored. */
import { hkdfSync, timingSafeEqual } from 'node:crypto'
import {
  concatBytes,
  decodeBase64Url,
  idToBytes,
  MalformedError,
  type AccountId,
  type Bytes,
} from '@brieftaube/protocol'
import { hmac } from './sealing.ts'

export interface Recovery {
  /** `proof`: base64url. Throws `MalformedError` unless it has 32 bytes. */
  hash(account: AccountId, proof: string): Bytes
  matches(stored: Uint8Array, presented: Uint8Array): boolean
}

const proofBytes = 32

export function createRecovery(pepper: string): Recovery {
  const key = new Uint8Array(
    hkdfSync('sha256', decodeBase64Url(pepper), new Uint8Array(0), 'brieftaube/auth-recovery/v1', 32),
  )
  return {
    hash: (account, proof) => {
      const bytes = decodeBase64Url(proof)
      if (bytes.length !== proofBytes) throw new MalformedError('a recovery proof has 32 bytes')
      return hmac(key, concatBytes(idToBytes(account), bytes))
    },
    matches: (stored, presented) => stored.length === presented.length && timingSafeEqual(stored, presented),
  }
}
