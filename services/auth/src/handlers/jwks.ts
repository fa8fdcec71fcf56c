import type { jwks as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'

export const jwks: Handler<typeof route, AuthDeps> = (_call, { issuer }) => ({
  keys: issuer.keySet.keys.map((key) => ({ ...key })),
})
