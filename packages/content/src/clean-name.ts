/** Names and titles as they may be shown: no letter in them can reorder, hide or imitate what stands around them. */

/** Control and format characters (which include the bidirectional ones), line and paragraph separators, lone surrogates, unassigned. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Cn}\p{Co}]/gu
/** The zero-width joiner between emoji and the variation selectors are kept: families and flags need them. */
const emojiJoiner =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}])\u{200D}(?=\p{Extended_Pictographic})/gu
const placeholder = '\u{E000}'

/** Unicode NFC, one space between words, none around; at most `maxChars` code points. May come out empty. */
export function cleanName(name: string, maxChars = 64): string {
  const cleaned = name
    .normalize('NFC')
    .replaceAll(placeholder, '')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(emojiJoiner, placeholder)
    .replace(invisible, (letter) => (letter === placeholder ? '\u{200D}' : ''))
    .replace(/ +/g, ' ')
    .trim()
  return [...cleaned].slice(0, maxChars).join('').trim()
}
