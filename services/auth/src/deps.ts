/** What every handler works with. */
import type { Cache, Log } from '@brieftaube/service-kit'
import type { AuthConfig } from './config.ts'
import type { Database } from './database.ts'
import type { Opaque } from './opaque.ts'
import type { Recovery } from './recovery.ts'
import type { Revocations } from './revocations.ts'
import type { Sealer } from './sealing.ts'
import type { TokenIssuer } from './token-issuer.ts'

export interface AuthDeps {
  readonly config: AuthConfig
  readonly db: Database
  readonly cache: Cache
  readonly log: Log
  readonly opaque: Opaque
  readonly recovery: Recovery
  readonly sealer: Sealer
  readonly issuer: TokenIssuer
  readonly revocations: Revocations
  /** The OpenAPI document. */
  readonly openApi: Record<string, unknown>
  /** Milliseconds since 1970. */
  readonly now: () => number
}
