/** On which processes an account is connected. What is known stays in memory until somebody says that it changed. */
import { idBytes, idFromBytes, idToBytes, type AccountId } from '@brieftaube/protocol'
import type { Cache } from '@brieftaube/service-kit'
import type { Sessions } from '../socket/sessions.ts'

export interface Directory extends AsyncDisposable {
  readonly self: string
  arrived(account: AccountId): void
  departed(account: AccountId): void
  /** In the order of the accounts. */
  nodesOf(accounts: readonly AccountId[]): Promise<(readonly string[])[]>
  /** The same without waiting; `undefined` when not all are known. */
  knownNodesOf(accounts: readonly AccountId[]): (readonly string[])[] | undefined
}

const TTL_MS = 60_000
const REFRESH_MS = 20_000
/** How long a lost "it changed" can go unnoticed. */
const KNOWN_MS = 10_000
const MAX_KNOWN = 100_000
const CHANGES = 'directory'

interface Known {
  readonly nodes: readonly string[]
  readonly until: number
}

export async function createDirectory(parts: {
  cache: Cache
  self: string
  sessions: Sessions
  onFailure: (error: unknown) => void
}): Promise<Directory> {
  const { cache, self, sessions, onFailure } = parts
  const known = new Map<AccountId, Known>()
  const key = (account: AccountId): string => `nodes:${account}`
  const changes = await cache.subscribe(CHANGES, (bytes) => {
    if (bytes.length === idBytes) known.delete(idFromBytes<AccountId>(Uint8Array.from(bytes)))
  })
  cache.onResubscribed(() => {
    known.clear()
    refresh()
  })
  const tell = async (account: AccountId, write: Promise<void>): Promise<void> => {
    await write
    await cache.publish(CHANGES, idToBytes(account))
  }
  const refresh = (): void => {
    cache.announce([...sessions.accounts()].map(key), self, TTL_MS).catch(onFailure)
  }
  const timer = setInterval(refresh, REFRESH_MS)
  timer.unref()
  const knownNodesOf = (accounts: readonly AccountId[]): (readonly string[])[] | undefined => {
    const found: (readonly string[])[] = []
    const now = Date.now()
    for (const account of accounts) {
      const entry = known.get(account)
      if (entry === undefined || entry.until < now) return undefined
      found.push(entry.nodes)
    }
    return found
  }
  return {
    self,
    arrived: (account) => void tell(account, cache.announce([key(account)], self, TTL_MS)).catch(onFailure),
    departed: (account) => void tell(account, cache.withdraw([key(account)], self)).catch(onFailure),
    knownNodesOf,
    nodesOf: async (accounts) => {
      const nodes = await cache.announced(accounts.map(key))
      if (known.size > MAX_KNOWN) known.clear()
      accounts.forEach((account, index) =>
        known.set(account, { nodes: nodes[index] ?? [], until: Date.now() + KNOWN_MS }),
      )
      return nodes
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await changes[Symbol.asyncDispose]()
      await cache.withdraw([...sessions.accounts()].map(key), self).catch(() => undefined)
    },
  }
}
