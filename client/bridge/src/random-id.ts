import { encodeBase64Url } from '@brieftaube/protocol'

/** 128 random bits as 22 letters. */
export function randomId(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(16)))
}
