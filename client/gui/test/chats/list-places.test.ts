import { describe, expect, it } from 'vitest'
import type { MessageItem } from '../../src/chats/message-items.ts'
import { memberActions, orderedMembers } from '../../src/chats/member-rules.ts'
import { stepTo } from '../../src/chats/use-roving.ts'
import { visibleRange } from '../../src/chats/visible-range.ts'
import { conversation, member, own, system, text } from './fixtures.ts'

const bubble = (seq: number): MessageItem => ({
  kind: 'bubble',
  key: `m${String(seq)}`,
  message: text(seq),
  first: true,
  last: true,
})
const items: MessageItem[] = [
  { kind: 'beginning', key: 'beginning', joinedLater: false },
  { kind: 'day', key: 'day', at: 0 },
  bubble(1),
  { kind: 'unread', key: 'unread', count: 1 },
  { kind: 'system', key: 's', message: system(2) },
  { kind: 'bubble', key: 'own', message: own(3), first: true, last: true },
]

describe('steps between messages', () => {
  it('stop at messages and system lines and at nothing else', () => {
    expect([stepTo(items, 2, 'next'), stepTo(items, 4, 'previous')]).toEqual([4, 2])
    expect([stepTo(items, 5, 'next'), stepTo(items, 2, 'previous')]).toEqual([undefined, undefined])
    expect([stepTo(items, 5, 'first'), stepTo(items, 2, 'last')]).toEqual([2, 5])
    expect([stepTo(items, 5, 'previous-page'), stepTo(items, 2, 'next-page')]).toEqual([2, 5])
    expect(stepTo([], -1, 'last')).toBeUndefined()
  })
})

describe('what is on screen', () => {
  /** A hundred rows of 50 px in a viewport of 400 px. */
  const list = (scrollOffset: number, viewportSize = 400) => ({
    scrollOffset,
    viewportSize,
    scrollSize: 5000,
    findItemIndex: (offset: number) => Math.min(99, Math.max(0, Math.floor(offset / 50))),
    getItemOffset: (index: number) => index * 50,
    getItemSize: () => 50,
  })

  it('counts a row when enough of it is visible', () => {
    expect(visibleRange(list(0), 100)).toEqual({ first: 0, last: 7, atEnd: false })
    expect(visibleRange(list(30), 100).last).toBe(7)
    expect(visibleRange(list(45), 100).last).toBe(8)
  })

  it('counts everything at the end, and nothing of an empty list', () => {
    expect(visibleRange(list(4600), 100)).toEqual({ first: 92, last: 99, atEnd: true })
    expect(visibleRange(list(4575), 100)).toMatchObject({ atEnd: true })
    expect(visibleRange(list(4500), 100)).toMatchObject({ atEnd: false })
    expect(visibleRange(list(0), 0)).toEqual({ first: -1, last: -1, atEnd: true })
  })
})

describe('members', () => {
  it('are ordered: oneself, admins, names', () => {
    const members = [
      member('Zoe'),
      member('Anna'),
      member('Bob', { admin: true }),
      member('Ich', { own: true }),
    ]
    expect(orderedMembers(members).map((each) => each.displayName)).toEqual(['Ich', 'Bob', 'Anna', 'Zoe'])
  })

  it('can be changed by admins of a living group only, and nobody by themselves', () => {
    const admin = conversation({ ownRole: 'admin' })
    expect(memberActions(admin, member('Anna'))).toEqual(['person', 'make-admin', 'remove'])
    expect(memberActions(admin, member('Anna', { admin: true }))).toContain('unmake-admin')
    expect(memberActions(admin, member('Ich', { own: true }))).toEqual([])
    expect(memberActions(conversation(), member('Anna'))).toEqual(['person'])
    expect(memberActions(conversation({ ownRole: 'admin', active: false }), member('Anna'))).toEqual([
      'person',
    ])
  })
})
