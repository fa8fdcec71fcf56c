/**
 * What got lost between processes is found by comparing heads: for the accounts connected here, whatever moved since the
 * last comparison is told again. Within a single process nothing can get lost on the way, so it rests there.
 */
import { toDevice, type AccountId, type ConversationId } from '@brieftaube/protocol'
import type { ChatDeps } from '../deps.ts'
import { eventPacket } from '../socket/frame.ts'
import type { HeadHint } from '../socket/session.ts'
import { deliverLocally } from './deliver-locally.ts'
import { headsOfAccounts } from './head-store.ts'

const ACCOUNTS_AT_ONCE = 200

export function startHeadComparison(deps: ChatDeps, everyMs: number): { close: () => void } {
  if (deps.cache.form === 'memory') return { close: () => undefined }
  let told = new Map<ConversationId, number>()
  let running = false
  const compare = async (): Promise<void> => {
    if (running) return
    running = true
    const now = new Map<ConversationId, number>()
    const accounts = [...deps.sessions.accounts()]
    try {
      for (let from = 0; from < accounts.length; from += ACCOUNTS_AT_ONCE) {
        const heads = await headsOfAccounts(deps.pool, accounts.slice(from, from + ACCOUNTS_AT_ONCE))
        for (const [account, moved] of movedPerAccount(heads, told)) tell(deps, account, moved)
        for (const { head } of heads) now.set(head.conversation, head.seq)
      }
      told = now
    } catch (error) {
      deps.log.warn('heads not compared', { error })
    } finally {
      running = false
    }
  }
  deps.cache.onResubscribed(() => void compare())
  const timer = setInterval(() => void compare(), everyMs)
  timer.unref()
  return { close: () => clearInterval(timer) }
}

function movedPerAccount(
  heads: Awaited<ReturnType<typeof headsOfAccounts>>,
  told: ReadonlyMap<ConversationId, number>,
): Map<AccountId, HeadHint[]> {
  const moved = new Map<AccountId, HeadHint[]>()
  for (const { account, head } of heads) {
    if (told.get(head.conversation) === head.seq) continue
    moved.set(account, [...(moved.get(account) ?? []), head])
  }
  return moved
}

function tell(deps: ChatDeps, account: AccountId, heads: readonly HeadHint[]): void {
  deliverLocally(deps.sessions, {
    kind: 'hint',
    accounts: [account],
    packet: eventPacket(toDevice.heads, { heads }),
  })
}
