/** The list of conversations and the head of one. */
import { effectiveAdmins, seatedLeaves } from '@brieftaube/group-policy'
import type { ConversationId } from '@brieftaube/protocol'
import type { ConversationRow, ConversationView, MemberView, PreviewView } from '@brieftaube/contract'
import type { Conversation, Core } from '../core.ts'
import { peerIsBlocked } from '../send/pump.ts'
import { deliveryOf } from './delivery.ts'
import { isVerified, nameOf, personOf } from './people.ts'
import { systemEventOf } from './system-event.ts'

export function conversationsView(core: Core): readonly ConversationRow[] {
  const rows = [...core.conversations.values()]
    .filter((conversation) => isShown(conversation))
    .map((conversation) => rowOf(core, conversation))
  return rows.sort((a, b) => b.lastActivityAt - a.lastActivityAt)
}

/** A conversation that the server has not taken yet is nothing to show. */
function isShown({ pending, record }: Conversation): boolean {
  return pending?.kind !== 'create' || record.seq > 0
}

function rowOf(core: Core, conversation: Conversation): ConversationRow {
  const { record } = conversation
  const { peer } = record
  const waiting = conversation.outbox.findLast((item) => item.text !== undefined)
  return {
    conversation: record.conversation,
    kind: record.kind,
    title: titleOf(core, conversation),
    picture: peer === undefined ? undefined : core.profiles.get(peer)?.picture,
    peer,
    unread: record.unread,
    draft: record.draft,
    lastActivityAt: Math.max(record.lastActivityAt, waiting?.at ?? 0),
    preview: previewOf(core, conversation),
    typing: typingOf(core, conversation),
    verified: peer !== undefined && isVerified(core, peer),
    online: peer !== undefined && core.online.has(peer),
    active: record.status !== 'left',
  }
}

function titleOf(core: Core, { record }: Conversation): string {
  return record.peer === undefined ? record.title : nameOf(core, record.peer)
}

function typingOf(core: Core, { typing }: Conversation): string[] {
  const now = core.clock.now()
  return [...typing].filter(([, until]) => until > now).map(([account]) => nameOf(core, account))
}

function previewOf(core: Core, conversation: Conversation): PreviewView | undefined {
  const own = core.self?.account
  const waiting = conversation.outbox.findLast((item) => item.text !== undefined)
  if (waiting?.text !== undefined && own !== undefined) {
    const state = waiting.failure === undefined ? 'waiting' : 'failed'
    return { kind: 'text', text: waiting.text.slice(0, 200), author: nameOf(core, own), own: true, state }
  }
  const { preview } = conversation.record
  switch (preview?.kind) {
    case undefined:
      return undefined
    case 'text': {
      const isOwn = preview.account === own
      const state = isOwn ? deliveryOf(core, conversation, preview.seq) : undefined
      return { kind: 'text', text: preview.text, author: nameOf(core, preview.account), own: isOwn, state }
    }
    case 'system':
      return { kind: 'system', event: systemEventOf(core, preview.event) }
    case 'unsupported':
      return { kind: 'unsupported' }
  }
}

export function conversationView(core: Core, id: ConversationId): ConversationView | undefined {
  const conversation = core.conversations.get(id)
  if (conversation === undefined || core.self === undefined) return undefined
  const { record, group, keyChanged } = conversation
  const own = core.self.account
  const admins = group === undefined ? [] : effectiveAdmins(group.roster)
  return {
    conversation: id,
    kind: record.kind,
    title: titleOf(core, conversation),
    picture: record.peer === undefined ? undefined : core.profiles.get(record.peer)?.picture,
    peer: record.peer,
    members: record.accounts.map((account) => memberOf(core, conversation, account, admins)),
    ownRole: record.kind === 'group' && admins.includes(own) ? 'admin' : 'member',
    active: record.status !== 'left',
    draft: record.draft,
    typing: typingOf(core, conversation),
    sendingBlocked: blockedBy(core, conversation),
    keyChanged,
  }
}

function memberOf(
  core: Core,
  { group, keyChanged }: Conversation,
  account: MemberView['account'],
  admins: readonly string[],
): MemberView {
  const own = account === core.self?.account
  const devices =
    group === undefined ? 0 : seatedLeaves(group.roster).filter((leaf) => leaf.account === account).length
  return {
    ...personOf(core, account),
    admin: admins.includes(account),
    own,
    verified: isVerified(core, account),
    keyChanged: keyChanged.includes(account),
    online: own || core.online.has(account),
    devices,
  }
}

function blockedBy(core: Core, conversation: Conversation): ConversationView['sendingBlocked'] {
  const { status } = conversation.record
  if (status === 'left') return 'left'
  if (status === 'joining') return 'preparing'
  if (conversation.keyChanged.length > 0) return 'key-changed'
  return peerIsBlocked(core, conversation) ? 'blocked' : undefined
}
