/** Compare-and-set on the epoch: the commit runs alone on its lane, so that what it changes leaves in the log's order. */
import { encodeEntry, toDevice, type Committed } from '@brieftaube/protocol'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import { lockHead } from '../log/entry-store.ts'
import { eventPacket } from '../socket/frame.ts'
import { noConversation } from './access-conversation.ts'
import { loadGroup } from './group-store.ts'
import { committedBefore, writeCommit, type CommitRequest, type WrittenCommit } from './write-commit.ts'

export async function appendCommit(deps: ChatDeps, request: CommitRequest): Promise<Committed> {
  const { conversation } = request
  return deps.lanes.of(conversation).run(async () => {
    const outcome = await inTransaction(deps.pool, async (db) => {
      const head = await lockHead(db, conversation)
      if (head === undefined) throw noConversation()
      const earlier = await committedBefore(db, request)
      if (earlier !== undefined) return { earlier }
      const group = await loadGroup(db, conversation)
      if (group === undefined) throw noConversation()
      return { written: await writeCommit(db, request, { head, roster: group.roster }) }
    })
    if (outcome.earlier !== undefined) return outcome.earlier
    announceCommit(deps, outcome.written)
    return outcome.written.committed
  })
}

/** After COMMIT: the entry to everybody it concerns, and to those it brings in that a Welcome waits. */
export function announceCommit(
  deps: ChatDeps,
  written: Pick<WrittenCommit, 'entry' | 'told' | 'welcomed' | 'roster'>,
): void {
  const { entry, told } = written
  if (entry === undefined) return
  const { conversation, generation, seq } = entry
  deps.routes.forget(conversation)
  const about = { conversation, generation, seq }
  const accounts = [...told]
  deps.fanOut.deliver({
    kind: 'entry',
    accounts,
    packet: eventPacket(toDevice.entry, encodeEntry(entry)),
    about,
    rerouted: true,
  })
  const packet = eventPacket(toDevice.welcome, {})
  for (const device of written.welcomed) deps.fanOut.deliver({ kind: 'event', accounts, device, packet })
}
