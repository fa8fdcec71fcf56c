/** What the chat service is told: values only. `main` reads them from environment and secret files; tests pass a literal. */
import type { Rate, RateName } from '@brieftaube/protocol'
import type { ServiceDatabase } from '@brieftaube/service-kit'

export interface ChatConfig {
  readonly database: ServiceDatabase
  /** The Origins of the web client; a socket without one of them is refused. */
  readonly origins: readonly string[]
  /** Whether browsers reach the server by TLS. */
  readonly https: boolean
  /** How many own proxies stand in front. */
  readonly proxies: number
  /** Connections to the database besides the lanes'. */
  readonly poolSize: number
  /** How many batches may be on their way to the database at once. */
  readonly lanes: number
  /** The database was put back from a copy: clients must compare what they have with what is there. */
  readonly restored?: boolean | undefined
  /** Other limits than the product's; for benchmarks. */
  readonly rates?: Readonly<Record<RateName, Rate>> | undefined
}
