/** Tables `head`, `conversation`, `membership`: who may do what where. */
import { decodeRoster } from '@brieftaube/group-policy'
import type { AccountId, ConversationId, Head } from '@brieftaube/protocol'
import type { Queryable } from '../database.ts'
import { fromUuid, toUuid } from '../uuid.ts'
import { routeOf, type Route } from './route.ts'

interface RouteRow {
  generation: number
  epoch: number
  roster: Buffer
  members: string[] | null
}

export async function loadRoute(db: Queryable, conversation: ConversationId): Promise<Route | undefined> {
  const { rows } = await db.query<RouteRow>({
    name: 'load-route',
    text: `select h.generation, h.epoch, c.roster,
        (select array_agg(m.account::text) from membership m where m.conversation = c.id and m.until_seq is null) as members
      from conversation c join head h on h.conversation = c.id where c.id = $1`,
    values: [toUuid(conversation)],
  })
  const row = rows[0]
  if (row === undefined) return undefined
  return routeOf({
    conversation,
    generation: row.generation,
    epoch: row.epoch,
    roster: decodeRoster(row.roster),
    members: (row.members ?? []).map((uuid) => fromUuid<AccountId>(uuid)),
  })
}

/** When an account may read, both ends inclusive; open at the end while it is a member. */
export interface Interval {
  readonly fromSeq: number
  readonly untilSeq: number | undefined
}

export interface Standing {
  readonly head: Head
  readonly chain: Buffer
  readonly pending: boolean
  /** Ascending; more than one when the account left and came back. */
  readonly intervals: readonly Interval[]
}

interface StandingRow extends Head {
  chain: Buffer
  pending: boolean
  from_seq: number
  until_seq: number | null
}

/** `undefined`: no such conversation, or the account never was in it. */
export async function loadStanding(
  db: Queryable,
  account: AccountId,
  conversation: ConversationId,
): Promise<Standing | undefined> {
  const { rows } = await db.query<StandingRow>({
    name: 'load-standing',
    text: `select h.generation, h.epoch, h.seq, h.chain, h.pending, m.from_seq, m.until_seq
      from membership m join head h on h.conversation = m.conversation
      where m.account = $1 and m.conversation = $2 order by m.from_seq`,
    values: [toUuid(account), toUuid(conversation)],
  })
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    head: { generation: row.generation, epoch: row.epoch, seq: row.seq },
    chain: row.chain,
    pending: row.pending,
    intervals: rows.map((each) => ({ fromSeq: each.from_seq, untilSeq: each.until_seq ?? undefined })),
  }
}

/**
 * True of the row `d` of `direct` when one of the two has left and not come back: then the conversation is history, and
 * the pair is free for another one. A founder who is still alone has not been left by anybody.
 */
export const pairIsFree = `exists (select from unnest(array[d.low, d.high]) as one(account)
  where exists (select from membership m where m.conversation = d.conversation and m.account = one.account)
    and not exists (select from membership m
      where m.conversation = d.conversation and m.account = one.account and m.until_seq is null))`

/** The conversation in which both are, if there is one. */
export async function findDirect(
  db: Queryable,
  low: AccountId,
  high: AccountId,
): Promise<ConversationId | undefined> {
  const { rows } = await db.query<{ conversation: string }>({
    name: 'find-direct',
    text: `select conversation from direct d where low = $1 and high = $2 and not ${pairIsFree}`,
    values: [toUuid(low), toUuid(high)],
  })
  return rows[0] === undefined ? undefined : fromUuid<ConversationId>(rows[0].conversation)
}
