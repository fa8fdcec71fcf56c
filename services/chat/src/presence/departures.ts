/** Accounts whose last session went a moment ago: still shown as online, so that a reload does not blink. */
import { limits, type AccountId } from '@brieftaube/protocol'

export interface Departures {
  begin(account: AccountId): void
  /** Whether it had gone and was not yet offline. */
  cancel(account: AccountId): boolean
  has(account: AccountId): boolean
  close(): void
}

export function createDepartures(onGone: (account: AccountId) => void): Departures {
  const timeouts = new Map<AccountId, NodeJS.Timeout>()
  const cancel = (account: AccountId): boolean => {
    clearTimeout(timeouts.get(account))
    return timeouts.delete(account)
  }
  return {
    begin: (account) => {
      cancel(account)
      const timeout = setTimeout(() => {
        timeouts.delete(account)
        onGone(account)
      }, limits.presenceOfflineAfterMs)
      timeout.unref()
      timeouts.set(account, timeout)
    },
    cancel,
    has: (account) => timeouts.has(account),
    close: () => {
      for (const account of [...timeouts.keys()]) cancel(account)
    },
  }
}
