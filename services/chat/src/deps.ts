/** What every handler works with. */
import type { LogIncarnation } from '@brieftaube/protocol'
import type { Cache, Log, RateLimiter, RevocationSet, TokenVerifier } from '@brieftaube/service-kit'
import type { ChatMetrics } from './chat-metrics.ts'
import type { ChatConfig } from './config.ts'
import type { Routes } from './conversations/routes.ts'
import type { Pool } from './database.ts'
import type { FanOut } from './fan-out/fan-out.ts'
import type { Lanes } from './log/lanes.ts'
import type { Presence } from './presence/presence.ts'
import type { Receipts } from './receipts/receipts.ts'
import type { Sessions } from './socket/sessions.ts'
import type { UsedTickets } from './socket/used-tickets.ts'

export interface ChatDeps {
  readonly config: ChatConfig
  readonly log: Log
  readonly pool: Pool
  readonly cache: Cache
  readonly limiter: RateLimiter
  readonly tokens: TokenVerifier
  readonly revoked: RevocationSet
  readonly usedTickets: UsedTickets
  readonly sessions: Sessions
  readonly routes: Routes
  readonly lanes: Lanes
  readonly fanOut: FanOut
  readonly receipts: Receipts
  readonly presence: Presence
  /** Which life of the log this is. */
  readonly incarnation: LogIncarnation
  readonly metrics: ChatMetrics
}
