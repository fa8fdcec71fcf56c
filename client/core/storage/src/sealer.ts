/** Sealing is handed in: this module stores what it cannot read, and knows no algorithm. */
import type { Bytes } from '@brieftaube/protocol'

export interface Sealer {
  /** `context` names database, table and key: a sealed record opens nowhere else. */
  seal(context: string, plain: Uint8Array): Promise<Bytes>
  /** undefined when it is not authentic. */
  open(context: string, sealed: Uint8Array): Promise<Bytes | undefined>
}

/** How the device's storage key is made and used; the key itself is a non-extractable `CryptoKey` in the database. */
export interface StorageKeys {
  create(): Promise<CryptoKey>
  sealer(key: CryptoKey): Sealer
}

/** For the memory form, where nothing reaches a disk. */
export const unsealed: Sealer = {
  seal: (_context, plain) => Promise.resolve(Uint8Array.from(plain)),
  open: (_context, sealed) => Promise.resolve(Uint8Array.from(sealed)),
}
