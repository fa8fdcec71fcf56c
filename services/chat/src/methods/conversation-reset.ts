import {
  decodeGroupCreation,
  encodeEntry,
  ProtocolError,
  toDevice,
  type chatRoutes,
} from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { accessConversation, noConversation } from '../conversations/access-conversation.ts'
import { commitRefused } from '../conversations/check-bundle.ts'
import { checkFounding, foundedBefore, writeReset, type Founded } from '../conversations/found-group.ts'
import { loadGroup, openMembers } from '../conversations/group-store.ts'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import { lockHead } from '../log/entry-store.ts'
import { eventPacket } from '../socket/frame.ts'

export const conversationReset: Handler<typeof chatRoutes.conversationReset, ChatDeps> = async (
  { bytes, caller, params },
  deps,
) => {
  const { conversation } = params
  const creation = decodeGroupCreation(bytes)
  if (creation.conversation !== conversation) throw commitRefused('other conversation')
  await accessConversation(deps.pool, caller, { conversation, as: 'member' })
  const founding = checkFounding(creation, caller)
  return deps.lanes.of(conversation).run(async () => {
    const outcome = await inTransaction(deps.pool, async (db) => {
      const head = await lockHead(db, conversation)
      const group = head && (await loadGroup(db, conversation))
      if (head === undefined || group === undefined) throw noConversation()
      const generation = founding.groupId.generation
      if (generation === head.generation) {
        return { committed: await foundedBefore(db, caller, founding, { head, groupInfo: group.groupInfo }) }
      }
      if (generation !== head.generation + 1)
        throw new ProtocolError('stale-epoch', 'The conversation was reset meanwhile.', { head: plain(head) })
      const members = await openMembers(db, conversation)
      const founded = await writeReset(db, caller, founding, { head, roster: group.roster, members })
      return { committed: founded.committed, founded }
    })
    if (outcome.founded !== undefined) announce(deps, outcome.founded)
    return outcome.committed
  })
}

function plain({ generation, epoch, seq }: { generation: number; epoch: number; seq: number }) {
  return { generation, epoch, seq }
}

function announce(deps: ChatDeps, { entries, told, written }: Founded): void {
  for (const entry of entries) {
    const { conversation, generation, seq } = entry
    deps.routes.forget(conversation)
    const about = { conversation, generation, seq }
    deps.fanOut.deliver({
      kind: 'entry',
      accounts: told,
      packet: eventPacket(toDevice.entry, encodeEntry(entry)),
      about,
      rerouted: true,
    })
  }
  const packet = eventPacket(toDevice.welcome, {})
  for (const device of written?.welcomed ?? [])
    deps.fanOut.deliver({ kind: 'event', accounts: told, device, packet })
}
