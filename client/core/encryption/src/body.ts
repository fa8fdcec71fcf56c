/**
 * Bodies: AES-256-GCM under a single-use message key, padded so that a body is 256 · 2^k bytes long.
 * plaintext = length u32 ‖ content ‖ zeros. The nonce is zero, because a key seals one body and never another.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { encodeText, equalBytes, limits, Reader, type Bytes } from '@brieftaube/protocol'
import { decryptAes, encryptAes, importAesKey, nonceBytes, tagBytes } from './aead.ts'
import { labels } from './labels.ts'
import { guarded, refuse, type Outcome } from './outcome.ts'
import { randomBytes } from './random.ts'

/** What the archive keeps of a message: with these the body can be opened again, and nothing else can. */
export interface BodyKeys {
  /** 32 bytes. */
  readonly messageKey: Bytes
  /** SHA-256 of the sealed body. */
  readonly bodyHash: Bytes
}

const lengthBytes = 4
const nonce = new Uint8Array(nonceBytes)
const associated = encodeText(labels.body)

/** The largest content that fits a body. */
export const contentMaxBytes = limits.bodyMaxBytes - tagBytes - lengthBytes

/** Size of the body for a content of this size. */
export function bodyBytes(contentBytes: number): number {
  let bucket: number = limits.bodyBucketBytes
  while (bucket < contentBytes + lengthBytes + tagBytes) bucket *= 2
  return bucket
}

export async function sealBody(content: Uint8Array): Promise<BodyKeys & { readonly body: Bytes }> {
  const padded = new Uint8Array(bodyBytes(content.length) - tagBytes)
  new DataView(padded.buffer).setUint32(0, content.length)
  padded.set(content, lengthBytes)
  const messageKey = randomBytes(32)
  const body = await encryptAes(await importAesKey(messageKey), nonce, associated, padded)
  return { messageKey, body, bodyHash: hashBody(body) }
}

/** Also for bodies that were fetched again, and for the archive. */
export function openBody(keys: BodyKeys, body: Bytes): Promise<Outcome<{ readonly content: Bytes }>> {
  return guarded(async () => {
    if (body.length > limits.bodyMaxBytes) return refuse('too-large')
    if (!equalBytes(hashBody(body), keys.bodyHash)) return refuse('body-mismatch')
    const padded = await decryptAes(await importAesKey(keys.messageKey), nonce, associated, body)
    if (padded === undefined) return refuse('body-mismatch', 'not sealed under its key')
    const reader = new Reader(padded)
    const content = reader.block(contentMaxBytes)
    const padding = reader.raw(reader.left)
    if (body.length !== bodyBytes(content.length) || padding.some((byte) => byte !== 0))
      return refuse('malformed', 'padding')
    return { kind: 'ok', content } as const
  })
}

export function hashBody(body: Uint8Array): Bytes {
  return Uint8Array.from(sha256(body))
}
