/**
 * Presence: told to sessions that watch an accepted contact, in batches. An account that goes is offline only after
 * `presenceOfflineAfterMs`, so that a reload does not blink. Other processes hear of a change by a shared channel.
 */
import {
  concatBytes,
  idBytes,
  idFromBytes,
  idToBytes,
  limits,
  toDevice,
  type AccountId,
} from '@brieftaube/protocol'
import type { Cache, Log } from '@brieftaube/service-kit'
import { visibleContacts } from '../contacts/contact-store.ts'
import type { Pool } from '../database.ts'
import type { FanOut } from '../fan-out/fan-out.ts'
import { eventFrame } from '../socket/frame.ts'
import type { Session } from '../socket/session.ts'

export interface Presence extends AsyncDisposable {
  watch(session: Session, accounts: readonly AccountId[]): Promise<void>
  arrived(account: AccountId): void
  departed(account: AccountId): void
  /** The session is gone. */
  forget(session: Session): void
  /** The two are no longer, or newly, visible to each other. */
  changedBetween(a: AccountId, b: AccountId): void
}

export interface PresenceParts {
  readonly pool: Pool
  readonly cache: Cache
  readonly fanOut: FanOut
  readonly log: Log
}

/** One id: its presence changed. Two: how they stand to each other did. */
const CHANNEL = 'presence'

export async function startPresence({ pool, cache, fanOut, log }: PresenceParts): Promise<Presence> {
  const watchers = new Map<AccountId, Set<Session>>()
  const leaving = new Map<AccountId, NodeJS.Timeout>()
  const changed = new Set<AccountId>()
  const warn = (error: unknown): void => log.warn('presence not told', { error })
  const announce = (account: AccountId): void => {
    cache.publish(CHANNEL, idToBytes(account)).catch(warn)
  }
  const watchAgain = (watcher: AccountId, watched: AccountId): void => {
    for (const session of watchers.get(watched) ?? []) {
      if (session.account === watcher) watch(session, [...(session.watched ?? [])]).catch(warn)
    }
  }
  const channel = await cache.subscribe(CHANNEL, (bytes) => {
    const ids = accountsIn(bytes)
    const [first, second] = ids
    if (first !== undefined && second === undefined) changed.add(first)
    if (first !== undefined && second !== undefined) {
      watchAgain(first, second)
      watchAgain(second, first)
    }
  })

  const unwatch = (session: Session): void => {
    for (const account of session.watched ?? []) {
      const set = watchers.get(account)
      set?.delete(session)
      if (set?.size === 0) watchers.delete(account)
    }
    session.watched = undefined
  }
  const tellBatch = async (): Promise<void> => {
    const accounts = [...changed].filter((account) => watchers.has(account))
    changed.clear()
    if (accounts.length === 0) return
    const online = await fanOut.online(accounts)
    const perSession = new Map<Session, { account: AccountId; online: boolean }[]>()
    for (const account of accounts) {
      for (const session of watchers.get(account) ?? []) {
        const list = perSession.get(session) ?? []
        list.push({ account, online: online.has(account) || leaving.has(account) })
        perSession.set(session, list)
      }
    }
    for (const [session, presence] of perSession)
      session.sendHint(eventFrame(toDevice.presence, { presence }))
  }
  const timer = setInterval(() => void tellBatch().catch(warn), limits.presenceBatchMs)
  timer.unref()

  const watch = async (session: Session, accounts: readonly AccountId[]): Promise<void> => {
    const visible = await visibleContacts(pool, session.account, accounts)
    unwatch(session)
    if (session.closed) return
    session.watched = new Set(visible)
    for (const account of visible) watchers.set(account, (watchers.get(account) ?? new Set()).add(session))
    const online = await fanOut.online(visible)
    const presence = visible.map((account) => ({
      account,
      online: online.has(account) || leaving.has(account),
    }))
    session.sendHint(eventFrame(toDevice.presence, { presence }))
  }

  return {
    watch,
    arrived: (account) => {
      const timeout = leaving.get(account)
      clearTimeout(timeout)
      leaving.delete(account)
      if (timeout === undefined) announce(account)
    },
    departed: (account) => {
      const timeout = setTimeout(() => {
        leaving.delete(account)
        announce(account)
      }, limits.presenceOfflineAfterMs)
      timeout.unref()
      leaving.set(account, timeout)
    },
    forget: unwatch,
    changedBetween: (a, b) => {
      cache.publish(CHANNEL, concatBytes(idToBytes(a), idToBytes(b))).catch(warn)
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      for (const timeout of leaving.values()) clearTimeout(timeout)
      await channel[Symbol.asyncDispose]()
    },
  }
}

function accountsIn(bytes: Uint8Array): AccountId[] {
  if (bytes.length !== idBytes && bytes.length !== 2 * idBytes) return []
  return Array.from({ length: bytes.length / idBytes }, (_, index) =>
    idFromBytes<AccountId>(Uint8Array.from(bytes.subarray(index * idBytes, (index + 1) * idBytes))),
  )
}
