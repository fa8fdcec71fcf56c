/** The auth service over HTTP, inside the private network: its public keys and its revocation feed. */
import {
  authRoutes,
  internalSecretHeader,
  revocationPageSchema,
  revocationsPath,
  type Revocation,
} from '@brieftaube/protocol'
import type { KeySet } from '@brieftaube/service-kit'
import { z } from 'zod'

export interface AuthClient {
  readonly jwks: () => Promise<KeySet>
  readonly revocations: (after: number) => Promise<readonly Revocation[]>
}

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })
const TIMEOUT_MS = 3000

export function createAuthClient(options: {
  readonly url: string
  readonly internalSecret: string
}): AuthClient {
  const read = async (path: string, headers: Record<string, string> = {}): Promise<unknown> => {
    const response = await fetch(new URL(path, options.url), {
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    if (!response.ok) throw new Error(`the auth service answered ${response.status}`)
    return response.json()
  }
  return {
    jwks: async () => keySetSchema.parse(await read(authRoutes.jwks.path)),
    revocations: async (after) => {
      const page = await read(`${revocationsPath}?after=${after}`, {
        [internalSecretHeader]: options.internalSecret,
      })
      return revocationPageSchema.parse(page).revocations
    },
  }
}
