import { encodeText } from '@brieftaube/protocol'

export function utf8Bytes(text: string): number {
  return encodeText(text).length
}
