import { idBytes, idFromBytes, type AnyId, type Bytes } from '@brieftaube/protocol'

export function randomBytes(size: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(size))
}

/** 128 random bits. */
export function randomId<Id extends AnyId>(): Id {
  return idFromBytes<Id>(randomBytes(idBytes))
}
