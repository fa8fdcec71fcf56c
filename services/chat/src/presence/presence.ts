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
import { CacheAwayError, type Cache, type Log } from '@brieftaube/service-kit'
import { visibleContacts } from '../contacts/contact-store.ts'
import type { Pool } from '../database.ts'
import type { FanOut } from '../fan-out/fan-out.ts'
import { eventFrame } from '../socket/frame.ts'
import type { Session } from '../socket/session.ts'
import { createDepartures, type Departures } from './departures.ts'
import { createWatchers, type Watchers } from './watchers.ts'

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
  const watchers = createWatchers()
  const changed = new Set<AccountId>()
  const warn = (error: unknown): void => {
    if (!(error instanceof CacheAwayError)) log.warn('presence not told', { error })
  }
  const announce = (...accounts: readonly AccountId[]): void => {
    cache.publish(CHANNEL, concatBytes(...accounts.map(idToBytes))).catch((error: unknown) => {
      warn(error)
      // whom it concerns on this process hears of it all the same
      hear(accounts)
    })
  }
  const departures = createDepartures(announce)
  const teller = createTeller({ fanOut, watchers, departures })
  const watch = async (session: Session, accounts: readonly AccountId[]): Promise<void> => {
    const visible = await visibleContacts(pool, session.account, accounts)
    if (session.closed) return
    watchers.set(session, visible)
    await teller.tell(session, visible)
  }
  const watchAgain = (watcher: AccountId, watched: AccountId): void => {
    for (const session of [...watchers.of(watched)]) {
      if (session.account === watcher) watch(session, [...(session.watched ?? [])]).catch(warn)
    }
  }
  const hear = ([first, second]: readonly AccountId[]): void => {
    if (first === undefined) return
    if (second === undefined) {
      changed.add(first)
      return
    }
    watchAgain(first, second)
    watchAgain(second, first)
  }
  const channel = await cache.subscribe(CHANNEL, (bytes) => hear(accountsIn(bytes)))
  fanOut.onReshuffled(() => {
    for (const account of watchers.accounts()) changed.add(account)
  })
  const tellChanged = (): void => {
    const accounts = [...changed]
    changed.clear()
    teller.tellWatchers(accounts).catch(warn)
  }
  const timer = setInterval(tellChanged, limits.presenceBatchMs)
  timer.unref()
  return {
    watch,
    arrived: (account) => {
      if (!departures.cancel(account)) announce(account)
    },
    departed: departures.begin,
    forget: watchers.clear,
    changedBetween: announce,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      departures.close()
      await channel[Symbol.asyncDispose]()
    },
  }
}

interface Teller {
  tell(session: Session, accounts: readonly AccountId[]): Promise<void>
  /** Everybody here who watches one of these; one event per session. */
  tellWatchers(accounts: readonly AccountId[]): Promise<void>
}

function createTeller(parts: { fanOut: FanOut; watchers: Watchers; departures: Departures }): Teller {
  const { fanOut, watchers, departures } = parts
  const presenceOf = async (accounts: readonly AccountId[]) => {
    const online = await fanOut.online(accounts)
    return accounts.map((account) => ({ account, online: online.has(account) || departures.has(account) }))
  }
  const send = (session: Session, presence: Awaited<ReturnType<typeof presenceOf>>): void =>
    session.sendHint(eventFrame(toDevice.presence, { presence }))
  return {
    tell: async (session, accounts) => send(session, await presenceOf(accounts)),
    tellWatchers: async (changed) => {
      const watched = changed.filter((account) => [...watchers.of(account)].length > 0)
      if (watched.length === 0) return
      const perSession = new Map<Session, Awaited<ReturnType<typeof presenceOf>>>()
      for (const each of await presenceOf(watched)) {
        for (const session of watchers.of(each.account)) {
          perSession.set(session, [...(perSession.get(session) ?? []), each])
        }
      }
      for (const [session, presence] of perSession) send(session, presence)
    },
  }
}

function accountsIn(bytes: Uint8Array): AccountId[] {
  if (bytes.length !== idBytes && bytes.length !== 2 * idBytes) return []
  return Array.from({ length: bytes.length / idBytes }, (_, index) =>
    idFromBytes<AccountId>(Uint8Array.from(bytes.subarray(index * idBytes, (index + 1) * idBytes))),
  )
}
