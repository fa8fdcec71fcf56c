/** A signed wish for a removal: a row in the log at once, and nobody sends before a commit carried it out. */
import {
  applyNotice,
  encodeNotice,
  outstandingRemovals,
  type Notice,
  type NoticeProblem,
} from '@brieftaube/group-policy'
import { encodeEntry, serverDevice, toDevice, type ConversationId, type Entry } from '@brieftaube/protocol'
import { inTransaction, type Connection } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import { appendEntry, lockHead } from '../log/entry-store.ts'
import { eventPacket } from '../socket/frame.ts'
import { closeMemberships, loadGroup, openMembers, putGroup, removeLeaf } from './group-store.ts'

export type NoticeOutcome =
  | { readonly kind: 'written'; readonly entry: Entry }
  /** It was written before, or what it asks for is done. */
  | { readonly kind: 'known' }
  | { readonly kind: 'refused'; readonly reason: NoticeProblem | 'no-conversation' }

export async function appendNotice(
  deps: ChatDeps,
  conversation: ConversationId,
  notice: Notice,
): Promise<NoticeOutcome> {
  const outcome = await deps.lanes.of(conversation).run(async () => {
    const written = await inTransaction(deps.pool, (db) => writeNotice(db, conversation, notice))
    deps.routes.forget(conversation)
    return written
  })
  if (outcome.kind !== 'written') return outcome
  const { entry, accounts } = outcome
  const about = { conversation, generation: entry.generation, seq: entry.seq }
  deps.fanOut.deliver({
    kind: 'entry',
    accounts,
    packet: eventPacket(toDevice.entry, encodeEntry(entry)),
    about,
    rerouted: true,
  })
  return { kind: 'written', entry }
}

type Written =
  | {
      readonly kind: 'written'
      readonly entry: Entry
      readonly accounts: Awaited<ReturnType<typeof openMembers>>
    }
  | Exclude<NoticeOutcome, { kind: 'written' }>

async function writeNotice(db: Connection, conversation: ConversationId, notice: Notice): Promise<Written> {
  const head = await lockHead(db, conversation)
  const group = head && (await loadGroup(db, conversation))
  if (head === undefined || group === undefined) return { kind: 'refused', reason: 'no-conversation' }
  const where = { groupId: { conversation, generation: head.generation }, epoch: head.epoch }
  const applied = applyNotice(group.roster, notice, where)
  if (applied.kind === 'ignored') {
    return applied.reason === 'not-a-member' ? { kind: 'known' } : { kind: 'refused', reason: applied.reason }
  }
  if (applied.roster === group.roster) return { kind: 'known' }
  const accounts = await openMembers(db, conversation)
  const { entry } = await appendEntry(
    db,
    head,
    {
      conversation,
      generation: head.generation,
      epoch: head.epoch,
      kind: 'notice',
      device: serverDevice,
      // the server's rows count by their own place
      counter: head.seq + 1,
      at: Date.now(),
      mls: encodeNotice(notice),
    },
    {
      generation: head.generation,
      epoch: head.epoch,
      pending: outstandingRemovals(applied.roster).length > 0,
    },
  )
  await putGroup(db, conversation, { roster: applied.roster })
  if (notice.kind === 'leave')
    await closeMemberships(db, conversation, { accounts: [notice.account], seq: entry.seq })
  else await removeLeaf(db, notice.device, conversation)
  return { kind: 'written', entry, accounts }
}
