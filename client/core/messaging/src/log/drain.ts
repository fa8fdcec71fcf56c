/** Keeping up with a conversation's log: live entries are hints; what is missing between is read from the log. */
import { chatRoutes, decodeEntries, limits, type ConversationId, type Entry } from '@brieftaube/protocol'
import { OfflineError } from '@brieftaube/server'
import { loadGroup } from '../conversation.ts'
import type { Conversation, Core } from '../core.ts'
import { applyEntries, OutOfOrderError } from './apply.ts'

const RETRY_MS = 2000

/** A live entry, or the news that the log has reached `seq`. */
export function hear(core: Core, conversation: Conversation, news: Entry | number): void {
  const seq = typeof news === 'number' ? news : news.seq
  if (seq <= conversation.record.seq) return
  if (typeof news !== 'number' && conversation.hints.size < limits.batchMaxEntries)
    conversation.hints.set(seq, news)
  conversation.target = Math.max(conversation.target, seq)
  drainSoon(core, conversation)
}

/** One drain at a time waits in the lane; it takes along everything that was heard until it runs. */
export function drainSoon(core: Core, conversation: Conversation): void {
  if (conversation.draining) return
  conversation.draining = true
  core.background.run('drain', () =>
    conversation.lane.run(async () => {
      conversation.draining = false
      try {
        await catchUp(core, conversation)
      } catch (thrown) {
        core.background.after(RETRY_MS, 'drain-again', async () => {
          if (conversation.target > conversation.record.seq && core.connection === 'online')
            drainSoon(core, conversation)
        })
        throw thrown
      }
    }),
  )
}

/**
 * Only inside the lane: applies everything up to `target`. Rejects when the log cannot be read now, also by a core that is
 * being closed: whoever waits for what the log shows must not take it for read.
 */
export async function catchUp(core: Core, conversation: Conversation): Promise<void> {
  await loadGroup(core, conversation)
  while (canRead(conversation) && conversation.target > conversation.record.seq) {
    if (core.closed) throw new OfflineError('the core is being closed')
    const live = nextHints(conversation)
    const entries =
      live.length > 0 ? live : await readPage(core, conversation.record.conversation, conversation.record.seq)
    if (entries.length === 0) {
      conversation.target = conversation.record.seq
      return
    }
    await applyOrRead(core, conversation, entries, live.length > 0)
  }
}

/** A hint that does not continue the chain is dropped, and the log is asked. */
async function applyOrRead(
  core: Core,
  conversation: Conversation,
  entries: readonly Entry[],
  live: boolean,
): Promise<void> {
  try {
    await applyEntries(core, conversation, entries)
  } catch (thrown) {
    conversation.hints.clear()
    if (live && thrown instanceof OutOfOrderError) return
    throw thrown
  }
}

/** Without a group state only the own external commit brings the conversation on; who is out reads nothing more. */
function canRead(conversation: Conversation): boolean {
  return conversation.record.status === 'active' || conversation.pending?.kind === 'join'
}

function nextHints(conversation: Conversation): Entry[] {
  const entries: Entry[] = []
  for (let seq = conversation.record.seq + 1; entries.length < limits.catchUpPageEntries; seq++) {
    const entry = conversation.hints.get(seq)
    if (entry === undefined) break
    entries.push(entry)
  }
  return entries
}

/** What the server's log holds behind `after`, as far as it goes without a gap. */
export async function readPage(core: Core, id: ConversationId, after: number): Promise<Entry[]> {
  const bytes = await core.api.call(chatRoutes.logPage, {
    params: { conversation: id },
    query: { after, limit: limits.catchUpPageEntries },
  })
  return withoutGap(decodeEntries(bytes), after)
}

/** Who was out for a while gets a page with a gap: what is beyond it belongs to another membership. */
function withoutGap(entries: readonly Entry[], after: number): Entry[] {
  const gap = entries.findIndex((entry, index) => entry.seq !== after + 1 + index)
  return gap > 0 ? entries.slice(0, gap) : [...entries]
}

/** Inside the lane: everything that this account may read, wherever the log ends for it. */
export async function readToTheEnd(core: Core, conversation: Conversation): Promise<void> {
  conversation.target = Number.MAX_SAFE_INTEGER
  try {
    await catchUp(core, conversation)
  } finally {
    conversation.target = conversation.record.seq
  }
}
