/**
 * Names and previews stand inside sentences of another language. Without isolation a right-to-left name, or one with
 * an override character in it, turns the words around it.
 */
const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'
const CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** For a name in the middle of a sentence. */
export function isolate(name: string): string {
  return FIRST_STRONG_ISOLATE + oneLine(name.replace(CONTROLS, '')) + POP_ISOLATE
}

/** Line breaks and runs of blanks become one blank: previews, quotes and names are one line each. */
export function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim()
}

/** The first line's worth of a text that may have 10,000 letters: enough for any preview, cheap for any list. */
export function excerpt(text: string, maxChars = 160): string {
  const short = text.length > maxChars * 2 ? text.slice(0, maxChars * 2) : text
  const line = oneLine(short)
  if (line.length <= maxChars) return line
  const letters = Array.from(line)
  return letters.length <= maxChars ? line : `${letters.slice(0, maxChars).join('').trimEnd()}…`
}
