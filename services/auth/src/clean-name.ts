/** What people write about themselves loses what could fake other people's lines: control and direction characters. */
import { ProtocolError } from '@brieftaube/protocol'

/**
 * Control, format, surrogate, private-use characters, line and paragraph separators. The zero-width
 * joiner stays: emoji are built with it.
 */
const unwanted = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu

export function cleanText(text: string): string {
  return text.replace(unwanted, '').normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/** Throws `malformed` when nothing visible is left. */
export function cleanName(text: string): string {
  const cleaned = cleanText(text)
  if (cleaned.replaceAll('\u200d', '') === '') throw new ProtocolError('malformed', 'The name is empty.')
  return cleaned
}
