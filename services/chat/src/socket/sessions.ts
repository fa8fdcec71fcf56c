/** The sessions of this process by account. */
import { limits, type AccountId, type DeviceId } from '@brieftaube/protocol'
import type { Session } from './session.ts'

export interface Sessions {
  /** Whether the account was absent from this process before. Beyond `socketsPerDevice` the device's oldest is closed. */
  add(session: Session): boolean
  /** Whether it was the account's last one here. */
  remove(session: Session): boolean
  ofAccount(account: AccountId): Iterable<Session>
  ofDevice(account: AccountId, device: DeviceId): Session[]
  accounts(): Iterable<AccountId>
  all(): Iterable<Session>
  readonly size: number
}

const none: readonly Session[] = []

export function createSessions(): Sessions {
  const byAccount = new Map<AccountId, Set<Session>>()
  let size = 0
  const ofDevice = (account: AccountId, device: DeviceId): Session[] =>
    [...(byAccount.get(account) ?? none)].filter((session) => session.device === device)
  return {
    add: (session) => {
      const own = byAccount.get(session.account)
      const siblings = ofDevice(session.account, session.device)
      if (siblings.length >= limits.socketsPerDevice) siblings[0]?.close()
      size += 1
      if (own === undefined) byAccount.set(session.account, new Set([session]))
      else own.add(session)
      return own === undefined
    },
    remove: (session) => {
      const own = byAccount.get(session.account)
      if (own?.delete(session) !== true) return false
      size -= 1
      if (own.size > 0) return false
      byAccount.delete(session.account)
      return true
    },
    ofAccount: (account) => byAccount.get(account) ?? none,
    ofDevice,
    accounts: () => byAccount.keys(),
    all: function* all() {
      for (const own of byAccount.values()) yield* own
    },
    get size() {
      return size
    },
  }
}
