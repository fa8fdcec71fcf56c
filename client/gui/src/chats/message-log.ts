/** What the message list remembers from one push to the next. */
import type { MessagesView, MessageView } from '@brieftaube/contract'
import { buildItems, keepUnchanged, type MessageItem } from './message-items.ts'
import {
  arrivedAtEnd,
  dividerAfterArrival,
  dividerAtOpening,
  firstSeq,
  noDivider,
  type Divider,
} from './unread.ts'

export interface MessageLog {
  /** The view that was taken in last. */
  readonly source: MessagesView | undefined
  readonly messages: readonly MessageView[]
  readonly items: readonly MessageItem[]
  readonly divider: Divider
  /** What came at the end with the last push. */
  readonly arrived: readonly MessageView[]
  /** Whether the last push put older messages in front: then the list is held from its end. */
  readonly prepended: boolean
  /** Taken in with the next step: one step either puts in front or adds at the end. */
  readonly rest: MessagesView | undefined
}

export const emptyLog: MessageLog = {
  source: undefined,
  messages: [],
  items: [],
  divider: noDivider,
  arrived: [],
  prepended: false,
  rest: undefined,
}

/** Takes in a push. `attention` is whether somebody looks at the end of the conversation right now. */
export function advance(log: MessageLog, view: MessagesView, attention: 'looking' | 'away'): MessageLog {
  const first = log.source === undefined
  const messages = keepUnchanged(log.messages, view.messages)
  const arrived = first ? [] : arrivedAtEnd(log.messages, messages)
  const prepended = !first && messages[0]?.key !== log.messages[0]?.key && grewInFront(log.messages, messages)
  if (prepended && arrived.length > 0) {
    const older = { ...view, messages: messages.slice(0, messages.length - arrived.length) }
    return { ...advance(log, older, attention), rest: view }
  }
  const divider = first
    ? dividerAtOpening(messages, view.readSeq)
    : dividerAfterArrival(log.divider, arrived, attention)
  const items = buildItems(
    {
      messages,
      more: view.more,
      joinedLater: view.joinedLater,
      dividerBefore: divider.before,
      unreadCount: divider.count,
    },
    log.items,
  )
  return { source: view, messages, items, divider, arrived, prepended, rest: undefined }
}

function grewInFront(former: readonly MessageView[], messages: readonly MessageView[]): boolean {
  const key = former[0]?.key
  return (
    key !== undefined && messages.length > former.length && messages.some((message) => message.key === key)
  )
}

/** Whether older messages have to be loaded before the unread divider can stand where it belongs. */
export function dividerIsOlder(view: MessagesView): boolean {
  const first = firstSeq(view.messages)
  return view.more && first !== undefined && first > view.readSeq + 1
}
