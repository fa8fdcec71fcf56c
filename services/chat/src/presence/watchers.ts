/** Which sessions of this process show whose presence. */
import type { AccountId } from '@brieftaube/protocol'
import type { Session } from '../socket/session.ts'

export interface Watchers {
  /** Replaces what the session watched. */
  set(session: Session, accounts: readonly AccountId[]): void
  clear(session: Session): void
  of(account: AccountId): Iterable<Session>
  /** Everybody who is watched. */
  accounts(): Iterable<AccountId>
}

const none: readonly Session[] = []

export function createWatchers(): Watchers {
  const byAccount = new Map<AccountId, Set<Session>>()
  const clear = (session: Session): void => {
    for (const account of session.watched ?? []) {
      const sessions = byAccount.get(account)
      sessions?.delete(session)
      if (sessions?.size === 0) byAccount.delete(account)
    }
    session.watched = undefined
  }
  return {
    set: (session, accounts) => {
      clear(session)
      session.watched = new Set(accounts)
      for (const account of accounts) {
        byAccount.set(account, (byAccount.get(account) ?? new Set()).add(session))
      }
    },
    clear,
    of: (account) => byAccount.get(account) ?? none,
    accounts: () => byAccount.keys(),
  }
}
