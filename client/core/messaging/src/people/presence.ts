/** Who is there: asked for accepted contacts, never stored. */
import type { Core } from '../core.ts'

const WATCHED_MAX = 500

export function watchPresence(core: Core): void {
  const accounts = [...core.contacts.values()]
    .filter(({ state }) => state === 'accepted')
    .map(({ account }) => account)
    .slice(0, WATCHED_MAX)
  core.socket?.send('watchPresence', { accounts })
}

export function forgetPresence(core: Core): void {
  if (core.online.size === 0) return
  core.online.clear()
  touchPresence(core)
}

export function applyPresence(core: Core, presence: readonly { account: string; online: boolean }[]): void {
  for (const { account, online } of presence) {
    const known = [...core.contacts.keys()].find((other) => other === account)
    if (known === undefined) continue
    if (online) core.online.add(known)
    else core.online.delete(known)
  }
  touchPresence(core)
}

function touchPresence(core: Core): void {
  core.hub.touch('contacts')
  core.hub.touch('conversations')
  for (const id of core.conversations.keys()) core.hub.touch('conversation', id)
}
