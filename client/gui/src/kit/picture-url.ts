import { useEffect, useState } from 'react'

interface Held {
  readonly bytes: Uint8Array
  readonly url: string
  users: number
}

/** Every state that arrives brings its own copy of a picture; the same bytes keep one address, so nothing flickers. */
const held = new Map<string, Held>()

function hold(seed: string, bytes: Uint8Array): Held {
  const existing = held.get(seed)
  if (existing !== undefined && sameBytes(existing.bytes, bytes)) {
    existing.users += 1
    return existing
  }
  const made: Held = { bytes, url: URL.createObjectURL(new Blob([new Uint8Array(bytes)])), users: 1 }
  held.set(seed, made)
  return made
}

function release(seed: string, entry: Held): void {
  entry.users -= 1
  // Time for the next owner (a virtualised row that is drawn again) to take it over.
  setTimeout(() => {
    if (entry.users > 0) return
    URL.revokeObjectURL(entry.url)
    if (held.get(seed) === entry) held.delete(seed)
  }, 10_000)
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return (
    left === right || (left.length === right.length && left.every((byte, index) => byte === right[index]))
  )
}

/** An address for the picture's bytes, as long as a component shows it. */
export function usePictureUrl(seed: string, bytes: Uint8Array | undefined): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    if (bytes === undefined) {
      setUrl(undefined)
      return
    }
    const entry = hold(seed, bytes)
    setUrl(entry.url)
    return () => release(seed, entry)
  }, [seed, bytes])
  return url
}
