/** The hash chain over a conversation's log (definition in `protocol/entry.ts`), as a client verifies it. */
import { sha256 } from '@noble/hashes/sha2.js'
import { entryDigestInput, firstHead, headInput, type Bytes, type Entry } from '@brieftaube/protocol'
import { refuse, type Refused } from './outcome.ts'

export interface ChainLink {
  /** 0 before the first entry. */
  readonly seq: number
  /** head(seq), 32 bytes. */
  readonly head: Bytes
}

export const firstLink: ChainLink = { seq: 0, head: firstHead }

/** SHA-256 over everything in the entry but its seq; a deleted body counts by its hash. */
export function entryDigest(entry: Entry): Bytes {
  const bodyHash = entry.bodyHash ?? sha256(entry.body)
  return Uint8Array.from(sha256(entryDigestInput(entry, sha256(entry.mls), bodyHash)))
}

/** Refuses whatever is not the next entry. */
export function advanceChain(
  link: ChainLink,
  entry: Entry,
): { readonly kind: 'ok'; readonly link: ChainLink } | Refused {
  if (entry.seq !== link.seq + 1) return refuse('gap', `seq ${String(entry.seq)} after ${String(link.seq)}`)
  const head = sha256(headInput(link.head, entry.seq, entryDigest(entry)))
  return { kind: 'ok', link: { seq: entry.seq, head: Uint8Array.from(head) } }
}
