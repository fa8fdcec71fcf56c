/** For searching by the eye: case, accents and umlauts do not matter, ß is ss. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ae', 'a')
    .replaceAll('oe', 'o')
    .replaceAll('ue', 'u')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
}

/** Whether every word of `query` begins somewhere in one of the texts. */
export function matches(query: string, ...texts: readonly string[]): boolean {
  const words = fold(query)
    .split(/\s+/u)
    .filter((word) => word !== '')
  if (words.length === 0) return true
  const folded = texts.map(fold)
  return words.every((word) => folded.some((text) => text.includes(word)))
}
