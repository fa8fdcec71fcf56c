/** From a device's append to a row: everything that is known before the sequence number, the digest included. */
import { hash } from 'node:crypto'
import { entryDigestInput, idToBytes, type Append, type DeviceId, type Entry } from '@brieftaube/protocol'
import type { Draft, Placed } from './append-store.ts'

export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer')
}

export function draftOf(
  append: Append,
  sender: { device: DeviceId; deviceBytes: Uint8Array },
  at: number,
): Draft {
  const { conversation, generation, epoch, counter, mls, body } = append
  const { device, deviceBytes } = sender
  const fields = { conversation, generation, epoch, kind: 'message', device, counter, at } as const
  const digest = sha256(entryDigestInput(fields, sha256(mls), sha256(body)))
  const conversationBytes = idToBytes(conversation)
  return {
    conversation,
    conversationBytes,
    generation,
    epoch,
    device,
    deviceBytes,
    counter,
    at,
    digest,
    mls,
    body,
  }
}

/** The row as every member sees it. */
export function entryOf(draft: Draft, placed: Placed): Entry {
  const { conversation, generation, epoch, device, counter, at, mls, body } = draft
  return { conversation, generation, seq: placed.seq, epoch, kind: 'message', device, counter, at, mls, body }
}

/** A row that the server itself or a commit adds, for the chain. */
export function entryDigest(entry: Omit<Entry, 'seq' | 'bodyHash'>): Buffer {
  return sha256(entryDigestInput(entry, sha256(entry.mls), sha256(entry.body)))
}
