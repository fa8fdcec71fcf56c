/** Ed25519 keys and signatures of our own statements; MLS signatures are in `mls-suite.ts`. */
import { ed25519 } from '@noble/curves/ed25519.js'
import type { Bytes } from '@brieftaube/protocol'
import { randomBytes } from './random.ts'
import { makeSecret, type Secret } from './secret.ts'

export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Bytes
  /** The 32-byte seed of RFC 8032. */
  readonly secret: Secret
}

export function createSigningKey(): SigningKey {
  return signingKeyOf(randomBytes(32))
}

/** Takes the seed over. */
export function signingKeyOf(seed: Bytes): SigningKey {
  return { publicKey: Uint8Array.from(ed25519.getPublicKey(seed)), secret: makeSecret(seed) }
}

export function signStatement(secret: Secret, message: Uint8Array): Bytes {
  return Uint8Array.from(ed25519.sign(message, secret.reveal()))
}
