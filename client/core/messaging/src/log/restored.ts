/**
 * A server that was restored from a backup says so by another life of its log, before it takes or gives anything. Then all
 * lanes stand still, each conversation is compared with what is there, and only when all are does work go on.
 */
import {
  chatRoutes,
  ProtocolError,
  type ConversationHead,
  type ConversationId,
  type LogIncarnation,
} from '@brieftaube/protocol'
import { put } from '@brieftaube/storage'
import type { Conversation, Core } from '../core.ts'
import { tables } from '../tables.ts'
import { reconcileInLane } from './reconcile.ts'

const AGAIN_MS = 2000
const running = new WeakSet<Core>()

/** One at a time; tried again until it is done. */
export function followRestoreSoon(core: Core): void {
  if (running.has(core) || core.self === undefined) return
  running.add(core)
  core.background.run('restored', async () => {
    try {
      await followRestore(core)
    } catch (thrown) {
      core.background.after(AGAIN_MS, 'restored-again', async () => followRestoreSoon(core))
      throw thrown
    } finally {
      running.delete(core)
    }
  })
}

async function followRestore(core: Core): Promise<void> {
  const reply = await core.api.call(chatRoutes.sync, { body: { since: 0, cursors: [] } })
  if (reply.log !== core.sync.log) {
    core.log('log-restored')
    await reconcileAll(core, reply.log, new Map(reply.conversations.map((head) => [head.conversation, head])))
    // contacts, cards and receipts are those of the backup again
    core.sync = { since: 0, contactsVersion: -1, log: reply.log }
    await core.store.commit([put(tables.sync, ['self'], core.sync)])
  }
  core.socket?.reconnect()
}

/** Nobody asks in the name of the new log with a cursor of the old one: the name changes while every lane waits. */
async function reconcileAll(
  core: Core,
  log: LogIncarnation,
  heads: ReadonlyMap<ConversationId, ConversationHead>,
): Promise<void> {
  const all = [...core.conversations.values()]
  const before = core.api.log()
  let open = () => undefined as void
  const gate = new Promise<void>((resolve) => (open = resolve))
  const turns: Promise<void>[] = []
  const arrivals = all.map(
    ({ lane }) =>
      new Promise<void>((arrived) => {
        turns.push(lane.run(() => (arrived(), gate)))
      }),
  )
  try {
    await Promise.all(arrivals)
    core.api.setLog(log)
    for (const conversation of all) await reconcilePatiently(core, conversation, { log, heads })
  } catch (thrown) {
    core.api.setLog(before)
    throw thrown
  } finally {
    open()
    await Promise.all(turns)
  }
}

async function reconcilePatiently(
  core: Core,
  conversation: Conversation,
  { log, heads }: { log: LogIncarnation; heads: ReadonlyMap<ConversationId, ConversationHead> },
): Promise<void> {
  for (;;) {
    try {
      return await reconcileInLane(core, conversation, {
        log,
        head: heads.get(conversation.record.conversation),
      })
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError) || thrown.code !== 'rate-limited' || core.closed) throw thrown
      await new Promise((resolve) => setTimeout(resolve, thrown.retryAfterMs ?? AGAIN_MS))
    }
  }
}
