/** What the message list draws, one item per row, computed from the messages alone. */
import type { BrokenMessageView, MessageView, SystemMessageView, TextMessageView } from '@brieftaube/contract'
import { startOfDay, startOfNextDay } from './days.ts'

export type MessageItem =
  | { readonly kind: 'beginning'; readonly key: string; readonly joinedLater: boolean }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'unread'; readonly key: string; readonly count: number }
  | BubbleItem
  | { readonly kind: 'system'; readonly key: string; readonly message: SystemMessageView }

export interface BubbleItem {
  readonly kind: 'bubble'
  readonly key: string
  readonly message: TextMessageView | BrokenMessageView
  /** Shows name and avatar of its group. */
  readonly first: boolean
  readonly last: boolean
}

export interface ItemsInput {
  readonly messages: readonly MessageView[]
  readonly more: boolean
  readonly joinedLater: boolean
  /** Key of the message below the unread divider. */
  readonly dividerBefore: string | undefined
  /** How many messages the divider speaks of. */
  readonly unreadCount: number
}

export const groupWithinMs = 5 * 60 * 1000

/**
 * Items of the former run are taken over where nothing changed, so that a drawn row with the same item need not be
 * drawn again.
 */
export function buildItems(input: ItemsInput, former: readonly MessageItem[] = []): MessageItem[] {
  const { messages } = input
  const find = finder(former)
  const items: MessageItem[] = []
  const push = (item: MessageItem) => {
    const known = find(item.key)
    items.push(known !== undefined && sameItem(known, item) ? known : item)
  }
  // While older messages wait on this device, nothing stands above the first one: what is put in front later then
  // pushes nothing else around.
  if (!input.more) push({ kind: 'beginning', key: 'beginning', joinedLater: input.joinedLater })

  // A waiting message carries its device's clock, which may lag: days only go forward.
  let dayEnd = -Infinity
  for (let index = 0; index < messages.length; index += 1) {
    const message = messages[index]
    if (message === undefined) continue
    const newDay = message.at >= dayEnd
    if (newDay) {
      dayEnd = startOfNextDay(message.at)
      if (index > 0 || !input.more)
        push({ kind: 'day', key: `day:${String(dayEnd)}`, at: startOfDay(message.at) })
    }
    if (message.key === input.dividerBefore) push({ kind: 'unread', key: 'unread', count: input.unreadCount })
    if (message.kind === 'system') {
      push({ kind: 'system', key: message.key, message })
      continue
    }
    const next = messages[index + 1]
    push({
      kind: 'bubble',
      key: message.key,
      message,
      first: newDay || message.key === input.dividerBefore || !sameGroup(messages[index - 1], message),
      last: !sameGroup(message, next) || next?.key === input.dividerBefore || (next?.at ?? 0) >= dayEnd,
    })
  }
  return items
}

/**
 * Finds by key what mostly stands in the same order: the expected place first, a table only when that fails, so that
 * 10,000 unchanged ones cost next to nothing.
 */
function finder<Kept extends { readonly key: string }>(
  former: readonly Kept[],
): (key: string) => Kept | undefined {
  let next = 0
  let places: Map<string, number> | undefined
  return (key) => {
    if (next >= former.length && places === undefined) return undefined
    if (former[next]?.key !== key) {
      places ??= new Map(former.map((kept, index) => [kept.key, index]))
      const place = places.get(key)
      if (place === undefined) return undefined
      next = place
    }
    next += 1
    return former[next - 1]
  }
}

function sameItem(one: MessageItem, other: MessageItem): boolean {
  switch (one.kind) {
    case 'beginning':
      return other.kind === 'beginning' && one.joinedLater === other.joinedLater
    case 'day':
      return other.kind === 'day' && one.at === other.at
    case 'unread':
      return other.kind === 'unread' && one.count === other.count
    case 'system':
      return other.kind === 'system' && one.message === other.message
    case 'bubble':
      return (
        other.kind === 'bubble' &&
        one.message === other.message &&
        one.first === other.first &&
        one.last === other.last
      )
  }
}

/** Same author, at most five minutes apart, nothing between them. */
export function sameGroup(one: MessageView | undefined, other: MessageView | undefined): boolean {
  if (one === undefined || other === undefined || one.kind === 'system' || other.kind === 'system')
    return false
  if (one.author === undefined || one.author !== other.author) return false
  return Math.abs(other.at - one.at) <= groupWithinMs
}

/**
 * Every push brings new objects for the same messages. Taking over the former object where all its fields are equal
 * lets everything after it compare by identity.
 */
export function keepUnchanged(
  former: readonly MessageView[],
  messages: readonly MessageView[],
): readonly MessageView[] {
  if (former.length === 0) return messages
  const find = finder(former)
  return messages.map((message) => {
    const before = find(message.key)
    return before !== undefined && sameMessage(before, message) ? before : message
  })
}

function sameMessage(one: MessageView, other: MessageView): boolean {
  if (one === other) return true
  if (one.seq !== other.seq || one.at !== other.at) return false
  if (one.kind === 'text' && other.kind === 'text') {
    return (
      one.state === other.state &&
      one.text === other.text &&
      one.authorName === other.authorName &&
      one.failure?.code === other.failure?.code &&
      one.clientId?.counter === other.clientId?.counter &&
      one.replyTo?.key === other.replyTo?.key &&
      one.replyTo?.text === other.replyTo?.text &&
      one.replyTo?.author === other.replyTo?.author
    )
  }
  if (one.kind === 'broken' && other.kind === 'broken') {
    return (
      one.reason === other.reason && one.repairing === other.repairing && one.authorName === other.authorName
    )
  }
  // Events are small and rare; their names may change.
  return (
    one.kind === 'system' &&
    other.kind === 'system' &&
    JSON.stringify(one.event) === JSON.stringify(other.event)
  )
}
