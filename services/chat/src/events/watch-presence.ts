/** Whose presence this device shows: of these, the accepted contacts who have not blocked it. */
import { watchPresenceSchema } from '@brieftaube/protocol'
import { rateLimited } from '@brieftaube/service-kit'
import type { ChatDeps } from '../deps.ts'
import type { Session } from '../socket/session.ts'

export async function watchPresence(session: Session, payload: unknown, deps: ChatDeps): Promise<void> {
  const { accounts } = watchPresenceSchema.parse(payload)
  const waitMs = deps.limiter.spendLocally('ephemeral', `watch:${session.device}`)
  if (waitMs > 0) throw rateLimited(waitMs)
  await deps.presence.watch(session, accounts)
}
