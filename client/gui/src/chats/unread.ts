/** Where the unread divider stands, what counts as read, and how many wait below. */
import type { MessageView } from '@brieftaube/contract'

/** Kept from opening a conversation until it is left. */
export interface Divider {
  /** Key of the first message below it; undefined: no divider. */
  readonly before: string | undefined
  readonly count: number
}

export const noDivider: Divider = { before: undefined, count: 0 }

/** Messages of others and broken ones count; own messages and system lines do not. */
export function countsAsUnread(message: MessageView): boolean {
  return message.kind === 'text' ? !message.own : message.kind === 'broken'
}

/** At opening: before the first message of somebody else beyond the read cursor. */
export function dividerAtOpening(messages: readonly MessageView[], readSeq: number): Divider {
  const unread = messages.filter(
    (message) => message.seq !== undefined && message.seq > readSeq && countsAsUnread(message),
  )
  const first = unread[0]
  return first === undefined ? noDivider : { before: first.key, count: unread.length }
}

/**
 * Messages that arrive while nobody looks (another window, or catching up after being away) get a divider too, if
 * there is none yet. One that stands is never moved.
 */
export function dividerAfterArrival(
  divider: Divider,
  arrived: readonly MessageView[],
  attention: 'looking' | 'away',
): Divider {
  if (attention === 'looking') return divider
  const unread = arrived.filter(countsAsUnread)
  const first = unread[0]
  if (first === undefined) return divider
  return divider.before === undefined
    ? { before: first.key, count: unread.length }
    : { ...divider, count: divider.count + unread.length }
}

/** What came behind the last known message; nothing at the first look and nothing for what is put in front. */
export function arrivedAtEnd(
  former: readonly MessageView[],
  messages: readonly MessageView[],
): readonly MessageView[] {
  if (former.length === 0 || former === messages) return []
  const known = new Set(former.map((message) => message.key))
  let start = messages.length
  while (start > 0 && !known.has(messages[start - 1]?.key ?? '')) start -= 1
  // Nothing in common: another window into the log, not an arrival.
  return start === 0 ? [] : messages.slice(start)
}

/** The highest seq among the items up to and including `lastVisible`; undefined while none has one. */
export function lastSeq(
  messages: readonly MessageView[],
  upTo: number = messages.length - 1,
): number | undefined {
  for (let index = Math.min(upTo, messages.length - 1); index >= 0; index -= 1) {
    const seq = messages[index]?.seq
    if (seq !== undefined) return seq
  }
  return undefined
}

export function firstSeq(messages: readonly MessageView[]): number | undefined {
  return messages.find((message) => message.seq !== undefined)?.seq
}

/** How many messages of others wait beyond what was on screen. */
export function countBelow(messages: readonly MessageView[], seenSeq: number): number {
  let count = 0
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (message === undefined || (message.seq !== undefined && message.seq <= seenSeq)) break
    if (countsAsUnread(message)) count += 1
  }
  return count
}
