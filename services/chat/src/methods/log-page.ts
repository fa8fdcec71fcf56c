import {
  encodeEntries,
  limits,
  logPageQuerySchema,
  ProtocolError,
  type chatRoutes,
  type ConversationId,
  type Entry,
} from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { accessConversation } from '../conversations/access-conversation.ts'
import type { Interval } from '../conversations/conversation-store.ts'
import type { ChatDeps } from '../deps.ts'
import { readEntries } from '../log/entry-store.ts'

export const logPage: Handler<typeof chatRoutes.logPage, ChatDeps> = async (
  { caller, params, query },
  deps,
) => {
  const parsed = logPageQuerySchema.safeParse(query)
  if (!parsed.success) throw new ProtocolError('malformed', 'Exactly one of `after` and `before` is needed.')
  const { after, before, limit = limits.pageEntries } = parsed.data
  const { conversation } = params
  const { intervals, head } = await accessConversation(deps.pool, caller, { conversation, as: 'reader' })
  const wanted =
    after === undefined
      ? { from: 1, to: Math.min((before ?? 1) - 1, head.seq), limit, end: 'last' as const }
      : { from: after + 1, to: head.seq, limit, end: 'first' as const }
  return { bytes: encodeEntries(await readIntervals(deps, conversation, { intervals, ...wanted })) }
}

interface Wanted {
  readonly intervals: readonly Interval[]
  readonly from: number
  readonly to: number
  readonly limit: number
  readonly end: 'first' | 'last'
}

/** Mostly one interval; who left and came back has a gap that it never sees. */
async function readIntervals(deps: ChatDeps, conversation: ConversationId, wanted: Wanted): Promise<Entry[]> {
  const { from, to, end } = wanted
  const ordered = end === 'first' ? wanted.intervals : wanted.intervals.toReversed()
  let entries: Entry[] = []
  for (const interval of ordered) {
    const limit = wanted.limit - entries.length
    const range = { from: Math.max(from, interval.fromSeq), to: Math.min(to, interval.untilSeq ?? to) }
    if (limit <= 0 || range.from > range.to) continue
    const page = await readEntries(deps.pool, { conversation, ...range, limit, end })
    entries = end === 'first' ? [...entries, ...page] : [...page, ...entries]
  }
  return entries
}
