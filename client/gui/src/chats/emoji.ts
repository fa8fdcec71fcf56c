/** Messages of a few emoji and nothing else are shown larger. */
const MAX_EMOJI = 6
const MAX_CHARS = 100

const TONE = '\\p{Emoji_Modifier}?'
const ONE = `(?:\\p{Emoji_Presentation}|\\p{Extended_Pictographic}\\ufe0f)${TONE}`
const JOINED = `${ONE}(?:\\u200d\\p{Extended_Pictographic}\\ufe0f?${TONE})*`
const EMOJI_ONLY = new RegExp(
  `^(?:(?:\\p{Regional_Indicator}{2}|[0-9#*]\\ufe0f\\u20e3|${JOINED})\\s*){1,${String(MAX_EMOJI)}}$`,
  'u',
)

export function isEmojiOnly(text: string): boolean {
  return text.length <= MAX_CHARS && EMOJI_ONLY.test(text.trim())
}
