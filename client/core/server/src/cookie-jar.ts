/** Where no browser keeps cookies (headless in Node): names and values of one origin, which is all the server sets. */
export interface CookieJar {
  /** The `Cookie` header's value; undefined while there is none. */
  header(): string | undefined
  /** Takes the `Set-Cookie` headers of an answer. */
  take(setCookies: readonly string[]): void
}

/** `kept` may be handed in to outlive the jar, as a browser's store outlives a page. */
export function createCookieJar(kept: Map<string, string> = new Map()): CookieJar {
  return {
    header: () =>
      kept.size === 0 ? undefined : [...kept].map(([name, value]) => `${name}=${value}`).join('; '),
    take(setCookies) {
      for (const line of setCookies) {
        const [pair = '', ...attributes] = line.split(';')
        const at = pair.indexOf('=')
        const name = pair.slice(0, at).trim()
        const value = pair.slice(at + 1).trim()
        if (at < 1) continue
        if (value === '' || attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute)))
          kept.delete(name)
        else kept.set(name, value)
      }
    },
  }
}
