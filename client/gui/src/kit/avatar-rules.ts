/** How a face is drawn where there is no picture. */

const segmenter = new Intl.Segmenter()

/** One or two letters: of the first and last word that begin with a letter or digit. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s–—-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  const first = firstCharacter(words[0] ?? '')
  const last = words.length > 1 ? firstCharacter(words.at(-1) ?? '') : ''
  const initials = (first + last).toLocaleUpperCase('de')
  if (initials !== '') return initials
  return firstCharacter(name.trim()) || '?'
}

function firstCharacter(text: string): string {
  for (const { segment } of segmenter.segment(text)) return segment
  return ''
}

/** A hue in degrees, the same for the same seed (FNV-1a with a murmur3 finaliser, so that similar seeds differ). */
export function hueOf(seed: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  // Steps of 15 degrees keep neighbours apart for the eye.
  return (((hash ^ (hash >>> 16)) >>> 0) % 24) * 15
}
