/** Secrets as objects: they cannot be printed, serialised or cloned by accident. */
import type { Bytes } from '@brieftaube/protocol'

export interface Secret {
  /** The bytes themselves, not a copy: they disappear with `wipe`. */
  readonly reveal: () => Bytes
  readonly wipe: () => void
  readonly toJSON: () => string
  readonly toString: () => string
}

/** Keeps the bytes in a closure. Functions as properties make `structuredClone` and `postMessage` refuse the object. */
export function makeSecret(bytes: Bytes): Secret {
  const redacted = () => '[secret]'
  return Object.freeze({
    reveal: () => bytes,
    wipe: () => void bytes.fill(0),
    toJSON: redacted,
    toString: redacted,
  })
}

/** Overwrites consumed keys. Call it only after the new state is stored: before, the old state is still the only one. */
export function wipe(erase: readonly Uint8Array[]): void {
  for (const bytes of erase) bytes.fill(0)
}
