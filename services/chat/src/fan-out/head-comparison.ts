/**
 * What got lost between processes is found by comparing: for the accounts connected here, whatever stands otherwise than
 * it was told last is told again. Rarely while the cache is well, often while it is away, and at once when it is back.
 * Within a single process nothing can get lost on the way, so it rests there.
 */
import type { AccountId } from '@brieftaube/protocol'
import type { ChatDeps } from '../deps.ts'
import { tellChangedSince, tellMissed, type ToldByAccount } from './tell-missed.ts'

const ACCOUNTS_AT_ONCE = 200
const LOOK_MS = 500
/** While the cache is away: this often, but never more than a tenth of the time. */
const AWAY_EVERY_MS = 2_000
const SHARE = 10
/** After a disturbance others need a moment to find us again; what they sent meanwhile is found by a second look. */
const SECOND_LOOK_MS = 3_000
/** Rows carry the time of their making, not of their commit. */
const LOOK_BACK_MS = 5_000

export function startHeadComparison(deps: ChatDeps, everyMs: number): { close: () => void } {
  const { cache, fanOut } = deps
  if (cache.form === 'memory') return { close: () => undefined }
  let told: ToldByAccount = new Map()
  let running = false
  let disturbed = false
  let beganAt = Date.now()
  let endedAt = beganAt
  let dueAt = beganAt + everyMs
  let secondLookAt = Number.POSITIVE_INFINITY

  const compare = async (): Promise<void> => {
    const since = beganAt - LOOK_BACK_MS
    beganAt = Date.now()
    const wasDisturbed = disturbed || !cache.isReady()
    disturbed = false
    const now: ToldByAccount = new Map()
    for (const accounts of batches([...deps.sessions.accounts()])) {
      for (const [account, each] of await tellMissed(deps, accounts, told)) now.set(account, each)
      if (wasDisturbed) await tellChangedSince(deps, accounts, since)
    }
    told = now
  }
  const look = async (): Promise<void> => {
    const now = Date.now()
    const pauseMs = Math.max(AWAY_EVERY_MS, SHARE * (endedAt - beganAt))
    if (!cache.isReady() && !running) dueAt = Math.min(dueAt, endedAt + pauseMs)
    if (running || (now < dueAt && now < secondLookAt)) return
    if (now >= secondLookAt) secondLookAt = Number.POSITIVE_INFINITY
    running = true
    // what comes up while it runs asks for a time of its own
    dueAt = now + everyMs
    try {
      await compare()
    } catch (error) {
      disturbed = true
      deps.log.warn('heads not compared', { error })
    } finally {
      running = false
      endedAt = Date.now()
    }
  }
  const soon = (): void => {
    disturbed = true
    dueAt = Date.now()
    secondLookAt = Date.now() + SECOND_LOOK_MS
    void look()
  }
  cache.onResubscribed(soon)
  fanOut.onReshuffled(soon)
  const timer = setInterval(() => void look(), LOOK_MS)
  timer.unref()
  return { close: () => clearInterval(timer) }
}

function* batches(accounts: readonly AccountId[]): Generator<readonly AccountId[]> {
  for (let from = 0; from < accounts.length; from += ACCOUNTS_AT_ONCE)
    yield accounts.slice(from, from + ACCOUNTS_AT_ONCE)
}
