/** On which processes an account is connected. What is known stays in memory until somebody says that it changed. */
import { idBytes, idFromBytes, idToBytes, type AccountId } from '@brieftaube/protocol'
import { CacheAwayError, type Cache } from '@brieftaube/service-kit'
import type { Sessions } from '../socket/sessions.ts'
import { startAlive } from './alive.ts'

export interface Directory extends AsyncDisposable {
  readonly self: string
  arrived(account: AccountId): void
  departed(account: AccountId): void
  /** In the order of the accounts. While the cache is away: what was known last. */
  nodesOf(accounts: readonly AccountId[]): Promise<(readonly string[])[]>
  /** The same without waiting; `undefined` when not all are known. */
  knownNodesOf(accounts: readonly AccountId[]): (readonly string[])[] | undefined
}

export interface DirectoryParts {
  readonly cache: Cache
  readonly self: string
  readonly sessions: Sessions
  /** Many may be elsewhere than they were: a process died, or the cache was away or lost its memory. */
  readonly onReshuffled: () => void
  readonly onFailure: (error: unknown) => void
}

const TTL_MS = 60_000
const REFRESH_MS = 20_000
/** How long a lost "it changed" can go unnoticed. */
const KNOWN_MS = 10_000
const MAX_KNOWN = 100_000
const CHANGES = 'directory'
/** Instead of an account: all of them. */
const everybody = new Uint8Array(0)
const AGAIN_MS = 500

interface Known {
  readonly nodes: readonly string[]
  readonly until: number
}

export async function createDirectory(parts: DirectoryParts): Promise<Directory> {
  const { cache, self, sessions, onReshuffled, onFailure } = parts
  const known = new Map<AccountId, Known>()
  const reshuffle = (): void => {
    known.clear()
    onReshuffled()
  }
  const changes = await cache.subscribe(CHANGES, (bytes) => {
    if (bytes.length === 0) reshuffle()
    if (bytes.length === idBytes) known.delete(idFromBytes<AccountId>(Uint8Array.from(bytes)))
  })
  const announceOwn = () => cache.announce([...sessions.accounts()].map(key), self, TTL_MS)
  const tell = (account: AccountId, write: Promise<void>): void => {
    // while the cache is away there is nobody to tell; everything is announced anew when it is back
    write.then(() => cache.publish(CHANGES, idToBytes(account))).catch(onFailure)
  }
  const announceAnew = untilDone(async () => {
    await announceOwn()
    await cache.publish(CHANGES, everybody)
    reshuffle()
  })
  cache.onResubscribed(announceAnew.begin)
  const alive = await startAlive({
    cache,
    self,
    onGone: reshuffle,
    onForgotten: announceAnew.begin,
    onFailure,
  })
  const timer = setInterval(() => void announceOwn().catch(onFailure), REFRESH_MS)
  timer.unref()
  const remember = (accounts: readonly AccountId[], nodes: readonly string[][]): void => {
    if (known.size > MAX_KNOWN) known.clear()
    const until = Date.now() + KNOWN_MS
    accounts.forEach((account, index) => known.set(account, { nodes: nodes[index] ?? [], until }))
  }
  return {
    self,
    arrived: (account) => tell(account, cache.announce([key(account)], self, TTL_MS)),
    departed: (account) => tell(account, cache.withdraw([key(account)], self)),
    knownNodesOf: (accounts) => stillKnown(known, accounts),
    nodesOf: async (accounts) => {
      try {
        const found = await cache.announced(accounts.map(key))
        const nodes = found.map((each) => each.filter((node) => node === self || !alive.isGone(node)))
        remember(accounts, nodes)
        return nodes
      } catch (error) {
        if (!(error instanceof CacheAwayError)) throw error
        return accounts.map((account) => known.get(account)?.nodes ?? [])
      }
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      announceAnew.stop()
      await changes[Symbol.asyncDispose]()
      await alive.close()
      await cache.withdraw([...sessions.accounts()].map(key), self).catch(() => undefined)
    },
  }
}

function key(account: AccountId): string {
  return `nodes:${account}`
}

function stillKnown(
  known: ReadonlyMap<AccountId, Known>,
  accounts: readonly AccountId[],
): (readonly string[])[] | undefined {
  const found: (readonly string[])[] = []
  const now = Date.now()
  for (const account of accounts) {
    const entry = known.get(account)
    if (entry === undefined || entry.until < now) return undefined
    found.push(entry.nodes)
  }
  return found
}

/** Tries until it succeeds; beginning again while it runs starts over afterwards. */
function untilDone(work: () => Promise<void>): { begin: () => void; stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const attempt = (): void => {
    timer = undefined
    work().catch(() => {
      if (!stopped) timer ??= setTimeout(attempt, AGAIN_MS).unref()
    })
  }
  return {
    begin: () => {
      if (!stopped) timer ??= setTimeout(attempt, 0)
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}
