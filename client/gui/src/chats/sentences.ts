/** Sentences made from views: system lines, typing lines, previews, accessible names, announcements. */
import type {
  BrokenMessageView,
  ConversationRow,
  ConversationView,
  DeliveryState,
  MessageView,
  NameView,
  SystemEvent,
  TextMessageView,
} from '@brieftaube/contract'
import { excerpt, isolate } from './bidi.ts'
import { countsAsUnread } from './unread.ts'
import type { ChatTexts, Person } from './texts.ts'
import type { Dates } from '../texts/dates.ts'

export function systemSentence(event: SystemEvent, texts: ChatTexts): string {
  const words = texts.system
  switch (event.kind) {
    case 'created':
      return words.created(person(event.by))
    case 'members-added':
      return words.membersAdded(person(event.by), event.who.map(person))
    case 'member-removed':
      return words.memberRemoved(person(event.by), person(event.who))
    case 'member-left':
      return words.memberLeft(person(event.who))
    case 'device-added':
      return words.deviceAdded(person(event.who))
    case 'device-removed':
      return words.deviceRemoved(person(event.who))
    case 'admin-changed':
      return event.admin
        ? words.adminMade(person(event.by), person(event.who))
        : words.adminUnmade(person(event.by), person(event.who))
    case 'title-changed':
      return words.titleChanged(person(event.by), isolate(event.title))
    case 'key-changed':
      return words.keyChanged(person(event.who))
    case 'reset':
      return words.reset
    case 'restored':
      return words.restored
    case 'restored-members':
      return words.restoredMembers(event.back.map(person), event.gone.map(person))
    case 'history-warning':
      return words.history[event.reason]
  }
}

/** Lines that a reader should not overlook. */
export function isWarning(event: SystemEvent): boolean {
  return ['history-warning', 'key-changed', 'restored', 'restored-members'].includes(event.kind)
}

function person(name: NameView): Person {
  return { name: isolate(name.name), own: name.own }
}

/** undefined while nobody types. */
export function typingSentence(
  typing: readonly string[],
  kind: ConversationRow['kind'],
  texts: ChatTexts,
): string | undefined {
  const [one, other] = typing
  if (one === undefined) return undefined
  if (kind === 'direct') return texts.typing.direct
  if (other === undefined) return texts.typing.one(isolate(one))
  return typing.length === 2
    ? texts.typing.two(isolate(one), isolate(other))
    : texts.typing.many(typing.length)
}

export interface Preview {
  readonly tone: 'plain' | 'typing' | 'draft' | 'faint'
  /** "Entwurf:", "Eva:" */
  readonly prefix: string | undefined
  readonly text: string
  /** Of the last message, if it is an own one. */
  readonly state: DeliveryState | undefined
}

/** The second line of a row: who types, else the draft, else the last message. */
export function previewOf(row: ConversationRow, texts: ChatTexts, open = false): Preview {
  const typing = typingSentence(row.typing, row.kind, texts)
  if (typing !== undefined) return { tone: 'typing', prefix: undefined, text: typing, state: undefined }
  if (row.draft.trim() !== '' && !open) {
    return { tone: 'draft', prefix: texts.list.draft, text: excerpt(row.draft), state: undefined }
  }
  const { preview } = row
  switch (preview?.kind) {
    case undefined:
      return { tone: 'faint', prefix: undefined, text: texts.list.noMessages, state: undefined }
    case 'system':
      return {
        tone: 'faint',
        prefix: undefined,
        text: systemSentence(preview.event, texts),
        state: undefined,
      }
    case 'unsupported':
      return { tone: 'faint', prefix: undefined, text: texts.list.unsupported, state: undefined }
    case 'text': {
      const named = row.kind === 'group' && !preview.own
      return {
        tone: 'plain',
        prefix: named ? `${firstName(preview.author)}:` : undefined,
        text: excerpt(preview.text),
        state: preview.own ? preview.state : undefined,
      }
    }
  }
}

function firstName(name: string): string {
  return excerpt(name, 40).split(' ')[0] ?? name
}

export function titleOf(view: Pick<ConversationRow, 'title'>, texts: ChatTexts): string {
  return view.title.trim() === '' ? texts.list.untitledGroup : view.title
}

/** "Anna, 14:02, Text, gelesen" */
export function messageName(
  message: TextMessageView | BrokenMessageView,
  texts: ChatTexts,
  dates: Dates,
): string {
  const author = authorOf(message, texts)
  if (message.kind === 'broken') {
    return joined([author, dates.time(message.at), brokenSentence(message, texts)])
  }
  const { replyTo } = message
  return joined([
    author,
    dates.time(message.at),
    replyTo === undefined
      ? undefined
      : texts.message.replyTo(isolate(replyTo.author), excerpt(replyTo.text, 80)),
    message.text,
    message.state === undefined ? undefined : texts.state[message.state],
  ])
}

export function brokenSentence(message: BrokenMessageView, texts: ChatTexts): string {
  const why = texts.message.broken[message.reason]
  return message.repairing ? `${why} ${texts.message.repairing}` : why
}

export function authorOf(message: TextMessageView | BrokenMessageView, texts: ChatTexts): string {
  if (message.kind === 'text' && message.own) return texts.message.you
  return message.authorName.trim() === '' ? texts.message.unknown : isolate(message.authorName)
}

const SINGLY_ANNOUNCED = 3

/** What is said aloud for messages that have just come in at the end; never for older or own ones. */
export function announcements(arrived: readonly MessageView[], texts: ChatTexts): string[] {
  const news = arrived.filter((message) => countsAsUnread(message) || message.kind === 'system')
  if (news.length > SINGLY_ANNOUNCED) return [texts.message.newMessages(news.length)]
  return news.map((message) => {
    switch (message.kind) {
      case 'system':
        return systemSentence(message.event, texts)
      case 'broken':
        return texts.message.newMessage(authorOf(message, texts), brokenSentence(message, texts))
      case 'text':
        return texts.message.newMessage(authorOf(message, texts), excerpt(message.text, 400))
    }
  })
}

/** The line under the title: who types, else who is there. */
export function headerLine(view: ConversationView, texts: ChatTexts): { text: string; typing: boolean } {
  const typing = typingSentence(view.typing, view.kind, texts)
  if (typing !== undefined) return { text: typing, typing: true }
  if (view.kind === 'direct') {
    const other = view.members.find((member) => !member.own)
    if (other === undefined) return { text: '', typing: false }
    return {
      text: other.online ? texts.chat.online : other.statusText || `@${other.userName}`,
      typing: false,
    }
  }
  const online = view.members.filter((member) => member.online && !member.own).length
  const members = texts.chat.members(view.members.length)
  return { text: online > 0 ? `${members}, ${texts.chat.onlineCount(online)}` : members, typing: false }
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ')
}
