/** The two cipher suites in use (protocol.md section 4) and the sizes that follow from them. */
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { limits } from '@brieftaube/protocol'

export const suites = ['xwing-256', 'x25519-128'] as const
export type Suite = (typeof suites)[number]

export interface SuiteFacts {
  /** Its number in MLS messages; 83 is the library's private number for X-Wing. */
  readonly id: number
  readonly encryptionKeyBytes: number
  readonly kemOutputBytes: number
  readonly hashBytes: number
  readonly hash: (bytes: Uint8Array) => Uint8Array
}

export const suiteFacts: Readonly<Record<Suite, SuiteFacts>> = {
  'xwing-256': { id: 83, encryptionKeyBytes: 1216, kemOutputBytes: 1120, hashBytes: 64, hash: sha512 },
  'x25519-128': { id: 1, encryptionKeyBytes: 32, kemOutputBytes: 32, hashBytes: 32, hash: sha256 },
}

export function suiteFromId(id: number): Suite | undefined {
  return suites.find((suite) => suiteFacts[suite].id === id)
}

/** Post-quantum while a path fits: its keys are 1,216 bytes each. */
export function suiteFor(leaves: number): Suite {
  return leaves <= limits.postQuantumMaxLeaves ? 'xwing-256' : 'x25519-128'
}
