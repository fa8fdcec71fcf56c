/** nginx's configuration language: words, quotes, blocks and comments. */
export interface Directive {
  readonly name: string
  readonly words: readonly string[]
  /** Name and words with single blanks between them. */
  readonly text: string
  readonly children: readonly Directive[]
}

export function parseConfig(source: string): Directive[] {
  const tokens = [
    ...source.matchAll(/#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([{};])|([^\s{};"']+)/g),
  ]
    .filter(([whole]) => !whole.startsWith('#'))
    .map(([whole, double, single, mark]) => ({ word: double ?? single ?? whole, mark }))
  let at = 0
  const readBlock = (): Directive[] => {
    const lines: Directive[] = []
    let words: string[] = []
    for (; at < tokens.length; at++) {
      const token = tokens[at]
      if (token === undefined || token.mark === '}') break
      if (token.mark === undefined) {
        words.push(token.word)
        continue
      }
      let children: Directive[] = []
      if (token.mark === '{') {
        at++
        children = readBlock()
      }
      const [name = '', ...rest] = words
      lines.push({ name, words: rest, text: words.join(' '), children })
      words = []
    }
    return lines
  }
  return readBlock()
}
