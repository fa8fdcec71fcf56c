/**
 * Receipts are cursors: the highest of each is kept in memory, told to the members coalesced, and written for everybody
 * at once every `receiptFlushMs`. A crash loses at most that much of them; the clients' next cursor heals it.
 */
import { limits, toDevice, type Receipt } from '@brieftaube/protocol'
import type { Log } from '@brieftaube/service-kit'
import type { Route } from '../conversations/route.ts'
import type { Pool } from '../database.ts'
import type { FanOut } from '../fan-out/fan-out.ts'
import { eventPacket } from '../socket/frame.ts'
import { raiseReceipts } from './receipt-store.ts'

export interface Receipts extends AsyncDisposable {
  note(receipt: Receipt, route: Route): void
  /** Writes what is held. */
  flush(): Promise<void>
}

const TELL_MS = 150

interface Held {
  receipt: Receipt
  route: Route
  told: boolean
}

export function createReceipts(parts: { pool: Pool; fanOut: FanOut; log: Log }): Receipts {
  const { pool, fanOut, log } = parts
  let held = new Map<string, Held>()
  let untold: Held[] = []

  const tell = (): void => {
    const perConversation = new Map<string, Held[]>()
    for (const each of untold) {
      each.told = true
      const key = each.receipt.conversation
      perConversation.set(key, [...(perConversation.get(key) ?? []), each])
    }
    untold = []
    for (const group of perConversation.values()) tellMembers(fanOut, group)
  }
  const flush = async (): Promise<void> => {
    if (held.size === 0) return
    const writing = held
    held = new Map()
    try {
      await raiseReceipts(
        pool,
        [...writing.values()].map((each) => each.receipt),
        Date.now(),
      )
    } catch (error) {
      log.warn('receipts not written', { error, count: writing.size })
      // tried again with the next ones; what came meanwhile is newer
      for (const [key, each] of writing) if (!held.has(key)) held.set(key, each)
    }
  }
  const telling = setInterval(tell, TELL_MS)
  const flushing = setInterval(() => void flush(), limits.receiptFlushMs)

  return {
    note: (receipt, route) => {
      const key = `${receipt.conversation}${receipt.account}`
      const known = held.get(key)
      if (
        known !== undefined &&
        known.receipt.delivered >= receipt.delivered &&
        known.receipt.read >= receipt.read
      )
        return
      const delivered = Math.max(known?.receipt.delivered ?? 0, receipt.delivered)
      const read = Math.max(known?.receipt.read ?? 0, receipt.read)
      const next = { receipt: { ...receipt, delivered, read }, route, told: false }
      held.set(key, next)
      untold.push(next)
    },
    flush,
    [Symbol.asyncDispose]: async () => {
      clearInterval(telling)
      clearInterval(flushing)
      tell()
      await flush()
    },
  }
}

function tellMembers(fanOut: FanOut, group: readonly Held[]): void {
  const latest = new Map(group.map((each) => [each.receipt.account, each.receipt]))
  const route = group.at(-1)?.route
  if (route === undefined) return
  const packet = eventPacket(toDevice.receipts, { receipts: [...latest.values()] })
  fanOut.deliver({ kind: 'hint', accounts: [...route.members], packet })
}
