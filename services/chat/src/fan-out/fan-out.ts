/**
 * The fan-out port. Over the memory cache every recipient is local. Over Redis a directory says on which processes an
 * account is connected, and each process listens on one channel; what goes to it is coalesced per tick. All of it is a
 * hint: clients and the head comparison find what got lost.
 */
import { randomBytes } from 'node:crypto'
import { Writer, type AccountId } from '@brieftaube/protocol'
import { CacheAwayError, type Cache, type Log } from '@brieftaube/service-kit'
import type { Session } from '../socket/session.ts'
import type { Sessions } from '../socket/sessions.ts'
import { decodeDeliveries, writeDelivery, type Delivery } from './delivery.ts'
import { deliverLocally } from './deliver-locally.ts'
import { createDirectory, type Directory } from './directory.ts'

export interface FanOut extends AsyncDisposable {
  deliver(delivery: Delivery, except?: Session): void
  /** An account's first session here came, or its last one went. */
  arrived(account: AccountId): void
  departed(account: AccountId): void
  /** Of these, who is connected anywhere. */
  online(accounts: readonly AccountId[]): Promise<Set<AccountId>>
  /** Called when deliveries from other processes may have been lost, and when many may be elsewhere than they were. */
  onReshuffled(listener: () => void): void
}

export interface FanOutOptions {
  readonly cache: Cache
  readonly sessions: Sessions
  readonly log: Log
  /** A delivery from another process, before it goes to the sessions. */
  readonly onDelivery: (delivery: Delivery) => void
}

export async function startFanOut(options: FanOutOptions): Promise<FanOut> {
  return options.cache.form === 'memory' ? localFanOut(options.sessions) : sharedFanOut(options)
}

function localFanOut(sessions: Sessions): FanOut {
  return {
    deliver: (delivery, except) => deliverLocally(sessions, delivery, except),
    arrived: () => undefined,
    departed: () => undefined,
    online: async (accounts) => new Set(accounts.filter((account) => isHere(sessions, account))),
    onReshuffled: () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  }
}

function isHere(sessions: Sessions, account: AccountId): boolean {
  for (const session of sessions.ofAccount(account)) if (!session.closed) return true
  return false
}

const MAX_MESSAGE_BYTES = 1024 * 1024

async function sharedFanOut({ cache, sessions, log, onDelivery }: FanOutOptions): Promise<FanOut> {
  const self = randomBytes(9).toString('base64url')
  const warn = (error: unknown): void => {
    // the cache itself says once that it is away; a line for every message would bury everything else
    if (!(error instanceof CacheAwayError)) log.warn('fan-out to other processes failed', { error })
  }
  const listeners = new Set<() => void>()
  const onReshuffled = (): void => {
    for (const listener of listeners) listener()
  }
  const directory = await createDirectory({ cache, self, sessions, onReshuffled, onFailure: warn })
  const outgoing = createOutgoing(cache, warn)
  const listening = await cache.subscribe(`node:${self}`, (bytes) => {
    try {
      for (const delivery of decodeDeliveries(bytes)) {
        onDelivery(delivery)
        deliverLocally(sessions, delivery)
      }
    } catch (error) {
      // from a process of another version, perhaps; what it meant is in the log
      warn(error)
    }
  })
  return {
    deliver: (delivery, except) => {
      deliverLocally(sessions, delivery, except)
      void sendAway(directory, outgoing, delivery).catch(warn)
    },
    arrived: (account) => directory.arrived(account),
    departed: (account) => directory.departed(account),
    online: async (accounts) => {
      const nodes = await directory.nodesOf(accounts)
      return new Set(
        accounts.filter((account, index) => (nodes[index]?.length ?? 0) > 0 || isHere(sessions, account)),
      )
    },
    onReshuffled: (listener) => void listeners.add(listener),
    [Symbol.asyncDispose]: async () => {
      await listening[Symbol.asyncDispose]()
      await directory[Symbol.asyncDispose]()
    },
  }
}

/** Known nodes are taken at once, so that entries of one conversation keep their order. */
async function sendAway(directory: Directory, outgoing: Outgoing, delivery: Delivery): Promise<void> {
  const known = directory.knownNodesOf(delivery.accounts)
  const nodes = known ?? (await directory.nodesOf(delivery.accounts))
  const perNode = new Map<string, AccountId[]>()
  delivery.accounts.forEach((account, index) => {
    for (const node of nodes[index] ?? []) {
      if (node === directory.self) continue
      const accounts = perNode.get(node)
      if (accounts === undefined) perNode.set(node, [account])
      else accounts.push(account)
    }
  })
  for (const [node, accounts] of perNode) outgoing.push(node, delivery, accounts)
}

interface Outgoing {
  push(node: string, delivery: Delivery, accounts: readonly AccountId[]): void
}

function createOutgoing(cache: Cache, onFailure: (error: unknown) => void): Outgoing {
  const pending = new Map<string, { writer: Writer; bytes: number }>()
  const flush = (node: string): void => {
    const batch = pending.get(node)
    pending.delete(node)
    if (batch !== undefined) cache.publish(`node:${node}`, batch.writer.finish()).catch(onFailure)
  }
  return {
    push: (node, delivery, accounts) => {
      let batch = pending.get(node)
      if (batch === undefined) {
        batch = { writer: new Writer(4096), bytes: 0 }
        pending.set(node, batch)
        setImmediate(() => flush(node))
      }
      writeDelivery(batch.writer, delivery, accounts)
      batch.bytes += delivery.packet.length + accounts.length * 16
      if (batch.bytes > MAX_MESSAGE_BYTES) flush(node)
    },
  }
}
