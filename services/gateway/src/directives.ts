/** nginx's syntax as text: a line per directive, blocks indented. */

/** A directive; arguments are written as they are. */
export function directive(...words: readonly (string | number)[]): string {
  return `${words.join(' ')};`
}

export function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...lines.map((line) => (line === '' ? '' : `  ${line}`)), '}']
}

/** A quoted argument; `$` keeps its meaning. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** `map`: an exact row, else the first pattern ("~…"), else "default". Looked up once per request unless volatile. */
export function map(
  source: string,
  variable: string,
  rows: readonly (readonly [string, string | number])[],
  options: { readonly volatile?: boolean } = {},
): string[] {
  const lines = rows.map(([key, value]) =>
    directive(key === 'default' ? key : quoted(key), quoted(String(value))),
  )
  return block(
    `map ${quoted(source)} ${variable}`,
    options.volatile === true ? ['volatile;', ...lines] : lines,
  )
}
