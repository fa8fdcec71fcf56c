/** The lanes of a process: a conversation always takes the same one. */
import type { ConversationId } from '@brieftaube/protocol'
import { createLane, type Lane, type LaneOptions } from './lane.ts'

export interface Lanes {
  of(conversation: ConversationId): Lane
  drain(): Promise<void>
  /** Messages that wait in all of them. */
  readonly depth: number
}

export function createLanes(count: number, options: LaneOptions): Lanes {
  const first = createLane(options)
  const all = [first, ...Array.from({ length: count - 1 }, () => createLane(options))]
  return {
    // ids are random: any of their letters spreads them evenly
    of: (conversation) =>
      all[(conversation.charCodeAt(3) * 64 + conversation.charCodeAt(5)) % all.length] ?? first,
    get depth() {
      return all.reduce((sum, lane) => sum + lane.depth, 0)
    },
    drain: async () => {
      await Promise.all(all.map((lane) => lane.drain()))
    },
  }
}
