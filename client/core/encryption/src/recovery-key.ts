/**
 * The recovery key: 160 random bits and a 20-bit checksum, written in Crockford's base 32 (no I, L, O, U) as nine groups of
 * four. The checksum tells a slip of the pen from a wrong key before the server is asked. Two separate things come out of
 * it: the key that wraps the master key, and a token with which the server (which stores its hash) gives out the vault.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, encodeText, type Bytes } from '@brieftaube/protocol'
import { deriveKey, labels } from './labels.ts'
import { randomBytes } from './random.ts'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LOOKALIKE: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' }
const secretBytes = 20
const letters = 36
const groupLetters = 4

export type RecoveryKeyProblem = 'length' | 'letter' | 'typo'

export type ParsedRecoveryKey =
  | { readonly kind: 'ok'; readonly secret: Bytes }
  | { readonly kind: 'refused'; readonly reason: RecoveryKeyProblem }

export function createRecoveryKey(): string {
  return writeRecoveryKey(randomBytes(secretBytes))
}

export function writeRecoveryKey(secret: Uint8Array): string {
  const bits = toBits(secret, secretBytes * 8) + toBits(checksum(secret), 20)
  const text = (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET.charAt(parseInt(five, 2))).join('')
  return (text.match(new RegExp(`.{${groupLetters}}`, 'g')) ?? []).join('-')
}

/** Lenient: case, spaces, hyphens, and O, I and L for the digits they resemble. */
export function parseRecoveryKey(text: string): ParsedRecoveryKey {
  const plain = text.toUpperCase().replace(/[\s\p{Pd}]/gu, '')
  const values = [...plain].map((letter) => ALPHABET.indexOf(LOOKALIKE[letter] ?? letter))
  if (values.includes(-1)) return { kind: 'refused', reason: 'letter' }
  if (values.length !== letters) return { kind: 'refused', reason: 'length' }
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('')
  const secret = Uint8Array.from({ length: secretBytes }, (_, index) =>
    parseInt(bits.slice(index * 8, index * 8 + 8), 2),
  )
  if (bits.slice(secretBytes * 8) !== toBits(checksum(secret), 20)) return { kind: 'refused', reason: 'typo' }
  return { kind: 'ok', secret }
}

export type RecoveryAuth =
  | { readonly kind: 'ok'; readonly recoveryAuth: Bytes }
  | { readonly kind: 'refused'; readonly reason: RecoveryKeyProblem }

/** What to show the server to get the vault by recovery key; it says nothing about the wrapping key. */
export function recoveryAuthOf(text: string): RecoveryAuth {
  const parsed = parseRecoveryKey(text)
  return parsed.kind === 'ok'
    ? { kind: 'ok', recoveryAuth: deriveKey(parsed.secret, labels.recoveryAuth) }
    : parsed
}

function checksum(secret: Uint8Array): Uint8Array {
  return sha256(concatBytes(encodeText(labels.recoveryCheck), secret))
}

function toBits(bytes: Uint8Array, count: number): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(0, count)
}
