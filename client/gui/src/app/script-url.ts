/** The two scripts that a window starts, under Trusted Types: only files of our own origin, named at build time. */

interface Policy {
  createScriptURL(url: string): unknown
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL: (url: string) => string }): Policy
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
const policy = factory?.createPolicy('brieftaube', { createScriptURL: ownScript })

/** The URL as `Worker` and `register` want it: a `TrustedScriptURL` where the browser knows them. Throws for another origin. */
export function scriptUrl(url: string): string {
  return (policy?.createScriptURL(url) ?? ownScript(url)) as string
}

function ownScript(url: string): string {
  if (new URL(url, location.href).origin !== location.origin) throw new TypeError('not a script of ours')
  return url
}
