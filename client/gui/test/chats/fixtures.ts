/** Views made by hand. */
import type {
  BrokenMessageView,
  ConversationRow,
  ConversationView,
  MemberView,
  SystemEvent,
  SystemMessageView,
  TextMessageView,
} from '@brieftaube/contract'
import type { AccountId, ConversationId } from '../../src/chats/ids.ts'

export const account = (name: string) => name as AccountId
export const conversationId = (name: string) => name as ConversationId
export const noon = new Date(2026, 10, 22, 12, 0).getTime()
export const minutes = (count: number) => count * 60_000

export function text(seq: number | undefined, more: Partial<TextMessageView> = {}): TextMessageView {
  const author = more.authorName ?? 'Anna'
  return {
    kind: 'text',
    key: `m${String(seq ?? 'waiting')}`,
    seq,
    at: noon + minutes(seq ?? 500),
    clientId: undefined,
    localId: undefined,
    author: account(author),
    authorName: author,
    own: false,
    text: `Text ${String(seq)}`,
    replyTo: undefined,
    state: undefined,
    failure: undefined,
    ...more,
  }
}

export function own(seq: number | undefined, more: Partial<TextMessageView> = {}): TextMessageView {
  return text(seq, { authorName: 'Ich', own: true, state: seq === undefined ? 'waiting' : 'sent', ...more })
}

export function system(seq: number, event: SystemEvent = { kind: 'reset' }): SystemMessageView {
  return { kind: 'system', key: `s${String(seq)}`, seq, at: noon + minutes(seq), event }
}

export function broken(seq: number, more: Partial<BrokenMessageView> = {}): BrokenMessageView {
  return {
    kind: 'broken',
    key: `b${String(seq)}`,
    seq,
    at: noon + minutes(seq),
    author: account('Bob'),
    authorName: 'Bob',
    reason: 'cannot-open',
    repairing: false,
    ...more,
  }
}

export function row(name: string, more: Partial<ConversationRow> = {}): ConversationRow {
  return {
    conversation: conversationId(name),
    kind: 'direct',
    title: name,
    picture: undefined,
    peer: account(name),
    unread: 0,
    draft: '',
    lastActivityAt: noon,
    preview: undefined,
    typing: [],
    verified: false,
    online: false,
    active: true,
    ...more,
  }
}

export function member(name: string, more: Partial<MemberView> = {}): MemberView {
  return {
    account: account(name),
    userName: name.toLowerCase(),
    displayName: name,
    statusText: '',
    picture: undefined,
    admin: false,
    own: false,
    verified: false,
    keyChanged: false,
    online: false,
    devices: 1,
    ...more,
  }
}

export function conversation(more: Partial<ConversationView> = {}): ConversationView {
  return {
    conversation: conversationId('c'),
    kind: 'group',
    title: 'Verein',
    picture: undefined,
    peer: undefined,
    members: [member('Ich', { own: true }), member('Anna'), member('Bob')],
    ownRole: 'member',
    active: true,
    draft: '',
    typing: [],
    sendingBlocked: undefined,
    keyChanged: [],
    ...more,
  }
}
