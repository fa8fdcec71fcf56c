import { describe, expect, it } from 'vitest'
import {
  buildItems,
  keepUnchanged,
  type ItemsInput,
  type MessageItem,
} from '../../src/chats/message-items.ts'
import { broken, minutes, noon, own, system, text } from './fixtures.ts'

const input = (more: Partial<ItemsInput>): ItemsInput => ({
  messages: [],
  more: false,
  joinedLater: false,
  dividerBefore: undefined,
  unreadCount: 0,
  ...more,
})
const shape = (items: readonly MessageItem[]) =>
  items.map((item) =>
    item.kind === 'bubble'
      ? `${item.key}${item.first ? ' first' : ''}${item.last ? ' last' : ''}`
      : item.kind,
  )

/** New objects with equal fields, as every push brings them. */
const copies = <Item extends object>(items: readonly Item[]) => items.map((item) => ({ ...item }))

describe('the rows of the message list', () => {
  it('begin with the beginning and the day, and group an author within five minutes', () => {
    const messages = [
      text(1),
      text(2),
      text(3, { authorName: 'Bob' }),
      text(4, { at: noon + minutes(4) }),
      text(5, { at: noon + minutes(9.1) }),
    ]
    expect(shape(buildItems(input({ messages })))).toEqual([
      'beginning',
      'day',
      'm1 first',
      'm2 last',
      'm3 first last',
      'm4 first last',
      'm5 first last',
    ])
  })

  it('put nothing above the first one while older messages wait', () => {
    expect(shape(buildItems(input({ messages: [text(7)], more: true })))).toEqual(['m7 first last'])
  })

  it('separate days, and end a group there', () => {
    const lateAt = new Date(2026, 10, 22, 23, 58).getTime()
    const messages = [text(1, { at: lateAt }), text(2, { at: lateAt + minutes(4) })]
    expect(shape(buildItems(input({ messages, more: true })))).toEqual([
      'm1 first last',
      'day',
      'm2 first last',
    ])
  })

  it('never go back a day for a device whose clock lags, so every key stays unique', () => {
    const messages = [text(1), own(undefined, { at: noon - 3 * 24 * 60 * minutes(1) }), text(2)]
    const items = buildItems(input({ messages }))
    expect(items.filter((item) => item.kind === 'day')).toHaveLength(1)
    expect(new Set(items.map((item) => item.key)).size).toBe(items.length)
  })

  it('break a group at system lines and at the unread divider', () => {
    const messages = [text(1), system(2), text(3), text(4), broken(5), broken(6)]
    expect(shape(buildItems(input({ messages, more: true, dividerBefore: 'm4', unreadCount: 3 })))).toEqual([
      'm1 first last',
      'system',
      'm3 first last',
      'unread',
      'm4 first last',
      'b5 first',
      'b6 last',
    ])
  })

  it('do not join broken messages of unknown authors', () => {
    const messages = [broken(1, { author: undefined }), broken(2, { author: undefined })]
    expect(shape(buildItems(input({ messages, more: true })))).toEqual(['b1 first last', 'b2 first last'])
  })

  it('keep their identity over a push in which nothing changed for them', () => {
    const before = [text(1), own(2), system(3)]
    const first = buildItems(input({ messages: before }))
    const pushed = keepUnchanged(before, [...structuredClone(before), own(undefined)])
    expect(pushed.slice(0, 3)).toEqual(before)
    const second = buildItems(input({ messages: pushed }), first)
    expect(second.slice(0, first.length).every((item, index) => item === first[index])).toBe(true)
  })

  it('change with the state, the text and the failure of a message', () => {
    const before = [own(1)]
    const changes = [
      { state: 'read' as const },
      { text: 'anders' },
      { failure: { code: 'busy' as const, message: '' } },
      { seq: 9 },
    ]
    for (const change of changes)
      expect(keepUnchanged(before, [own(1, { key: 'm1', ...change })])[0]).not.toBe(before[0])
  })

  it('are built from 10,000 messages well within a frame', () => {
    const messages = Array.from({ length: 10_000 }, (_, index) =>
      text(index, { at: noon + minutes(index * 3) }),
    )
    const first = buildItems(input({ messages }))
    // The best of several: this asks for the work, not for what else the machine does.
    const tries = Array.from({ length: 8 }, () => {
      const started = performance.now()
      buildItems(input({ messages: keepUnchanged(messages, copies(messages)) }), first)
      return performance.now() - started
    })
    expect(Math.min(...tries)).toBeLessThan(25)
  })
})
