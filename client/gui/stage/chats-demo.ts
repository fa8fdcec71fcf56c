/** The chats of the stage as they are at the beginning, and the views of them. */
import type {
  ConversationId,
  ConversationRow,
  ConversationView,
  MessageView,
  MessagesView,
} from '@brieftaube/contract'
import { manyMessages, messagesOf } from './chats-messages.ts'
import { accountOf, conversationOf, demoMember, demoPeople, demoPerson } from './chats-people.ts'
import {
  shortTalks,
  talkOfTheClub,
  talkWithBob,
  talkWithCarla,
  talkWithSamir,
  type DemoLine,
} from './chats-talk.ts'

export interface ChatsStageOptions {
  readonly language: 'de' | 'en'
  /** More chats, for measuring. */
  readonly chats?: number
  /** Messages in the club's chat, for measuring. */
  readonly messages?: number
  /** How many of them are loaded at first. */
  readonly loaded?: number
  readonly empty?: boolean
  /** Whether somebody types and answers. */
  readonly lively?: boolean
}

export interface Chat {
  view: ConversationView
  messages: MessageView[]
  /** Index of the first loaded message. */
  loadedFrom: number
  readSeq: number
  joinedLater: boolean
}

export const PAGE = 60

export function messagesViewOf(chat: Chat): MessagesView {
  return {
    conversation: chat.view.conversation,
    messages: chat.messages.slice(chat.loadedFrom),
    more: chat.loadedFrom > 0,
    readSeq: chat.readSeq,
    joinedLater: chat.joinedLater,
  }
}

export function rowOf(chat: Chat): ConversationRow {
  const { view, messages } = chat
  const last = messages.at(-1)
  const { conversation, kind, title, picture, peer, draft, typing, active } = view
  const other = view.members.find((member) => member.account === peer)
  return {
    conversation,
    kind,
    title,
    picture,
    peer,
    draft,
    typing,
    active,
    unread: messages.filter(
      (message) => message.kind === 'text' && !message.own && (message.seq ?? 0) > chat.readSeq,
    ).length,
    lastActivityAt: last?.at ?? 0,
    preview:
      last === undefined
        ? undefined
        : last.kind === 'text'
          ? { kind: 'text', text: last.text, author: last.authorName, own: last.own, state: last.state }
          : last.kind === 'system'
            ? { kind: 'system', event: last.event }
            : { kind: 'unsupported' },
    verified: other?.verified ?? false,
    online: other?.online ?? false,
  }
}

export function demoChats(options: ChatsStageOptions): Map<ConversationId, Chat> {
  const { language } = options
  const chats = new Map<ConversationId, Chat>()
  if (options.empty === true) return chats
  const now = Date.now()
  const words =
    language === 'de'
      ? { club: 'Verein Frühling', family: 'Familie Brandt', surgery: 'Praxisteam', old: 'Weihnachtsfeier' }
      : { club: 'Spring Club', family: 'Brandt family', surgery: 'Surgery team', old: 'Christmas party' }
  const add = (
    id: string,
    lines: readonly DemoLine[],
    more: Partial<ConversationView> & {
      unread?: number
      messages?: MessageView[]
      joinedLater?: boolean
    } = {},
  ) => {
    const { unread = 0, messages, joinedLater = false, ...view } = more
    const direct = view.kind !== 'group'
    const title = view.title ?? demoPerson(id).name
    const all = messages ?? messagesOf(id, lines, { language, now, title })
    const lastSeq = all.findLast((message) => message.seq !== undefined)?.seq ?? 0
    const conversation = conversationOf(id)
    chats.set(conversation, {
      view: {
        conversation,
        kind: 'direct',
        title,
        picture: undefined,
        peer: direct ? accountOf(id) : undefined,
        members: view.members ?? [demoMember('alice', language), demoMember(id, language)],
        ownRole: 'member',
        active: true,
        draft: '',
        typing: [],
        sendingBlocked: undefined,
        keyChanged: [],
        ...view,
      },
      messages: all,
      loadedFrom: Math.max(0, all.length - (options.loaded ?? PAGE)),
      readSeq: lastSeq - unread,
      joinedLater,
    })
  }
  const group = (ids: readonly string[], admins: readonly string[]) => ({
    kind: 'group' as const,
    members: ids.map((id) => demoMember(id, language, admins)),
    ownRole: admins.includes('alice') ? ('admin' as const) : ('member' as const),
  })
  const many = options.messages
  add('carla', talkWithCarla, { unread: 2, typing: ['Carla Weiß'] })
  add('club', talkOfTheClub, {
    ...group(['alice', 'bob', 'carla', 'david', 'eva', 'frieda', 'jonas', 'mei'], ['alice', 'carla']),
    title: words.club,
    unread: 3,
    joinedLater: true,
    ...(many === undefined
      ? {}
      : { messages: manyMessages(many, language, now), unread: 0, joinedLater: false }),
  })
  add('bob', talkWithBob)
  add('family', shortTalks['family'] ?? [], {
    ...group(['alice', 'lukas', 'oma'], ['lukas']),
    title: words.family,
    unread: 1,
  })
  add('david', shortTalks['david'] ?? [], {
    draft:
      language === 'de' ? 'Kannst du am Montag auch schon um 17 Uhr?' : 'Can you also do 5 pm on Monday?',
  })
  add('surgery', shortTalks['surgery'] ?? [], {
    ...group(['alice', 'eva', 'mei'], ['eva']),
    title: words.surgery,
  })
  add('samir', talkWithSamir)
  add('frieda', shortTalks['frieda'] ?? [], { sendingBlocked: 'blocked' })
  add('jonas', shortTalks['jonas'] ?? [], { sendingBlocked: 'key-changed', keyChanged: [accountOf('jonas')] })
  add('mei', shortTalks['mei'] ?? [], { sendingBlocked: 'preparing' })
  add('lukas', [])
  add('theresa', shortTalks['theresa'] ?? [])
  add('oldgroup', shortTalks['oldgroup'] ?? [], {
    ...group(['frieda', 'eva'], ['frieda']),
    title: words.old,
    active: false,
    sendingBlocked: 'left',
  })
  for (let index = chats.size; index < (options.chats ?? 0); index += 1) {
    const person = demoPeople[1 + (index % (demoPeople.length - 1))] ?? demoPerson('bob')
    add(`${person.id}${String(index)}`, [], {
      title: `${person.name} ${String(index)}`,
      members: [demoMember('alice', language), demoMember(person.id, language)],
      messages: manyMessages(1 + (index % 3), language, now - index * 3_600_000),
    })
  }
  return chats
}
