import type { MessagesView, MessageView } from '@brieftaube/contract'
import { describe, expect, it } from 'vitest'
import { advance, dividerIsOlder, emptyLog } from '../../src/chats/message-log.ts'
import { conversationId, own, text } from './fixtures.ts'

const view = (messages: MessageView[], more: Partial<MessagesView> = {}): MessagesView => ({
  conversation: conversationId('c'),
  messages,
  more: true,
  readSeq: 0,
  joinedLater: false,
  ...more,
})
const keys = (messages: readonly MessageView[]) => messages.map((message) => message.key)

describe('the log of a conversation', () => {
  const opened = advance(emptyLog, view([text(5), text(6)], { readSeq: 5 }), 'looking')

  it('opens with the divider and without arrivals', () => {
    expect(opened.divider).toEqual({ before: 'm6', count: 1 })
    expect(opened.arrived).toEqual([])
    expect(opened.prepended).toBe(false)
  })

  it('keeps the divider when the core moves the read cursor', () => {
    const read = advance(opened, view([text(5), text(6)], { readSeq: 6 }), 'looking')
    expect(read.divider).toEqual(opened.divider)
  })

  it('knows older messages from new ones', () => {
    const older = advance(opened, view([text(3), text(4), text(5), text(6)], { readSeq: 5 }), 'looking')
    expect([older.prepended, keys(older.arrived)]).toEqual([true, []])
    const newer = advance(older, view([text(3), text(4), text(5), text(6), own(undefined)]), 'looking')
    expect([newer.prepended, keys(newer.arrived)]).toEqual([false, ['mwaiting']])
  })

  it('takes older and new ones that come together in two steps', () => {
    const both = view([text(4), text(5), text(6), text(7)])
    const step = advance(opened, both, 'looking')
    expect([step.prepended, keys(step.messages), step.rest]).toEqual([true, ['m4', 'm5', 'm6'], both])
    const done = advance(step, both, 'looking')
    expect([done.prepended, keys(done.arrived), done.rest]).toEqual([false, ['m7'], undefined])
  })

  it('shrinks when a message is discarded, without pretending that something was put in front', () => {
    const failed = advance(opened, view([own(undefined, { key: 'x' }), text(5), text(6)]), 'looking')
    const gone = advance(failed, view([text(5), text(6)]), 'looking')
    expect([gone.prepended, gone.arrived]).toEqual([false, []])
  })

  it('divides at what arrives while nobody looks', () => {
    const read = advance(emptyLog, view([text(5)], { readSeq: 5 }), 'looking')
    expect(advance(read, view([text(5), text(6)], { readSeq: 5 }), 'away').divider).toEqual({
      before: 'm6',
      count: 1,
    })
  })

  it('says when the unread messages reach further back than what is loaded', () => {
    expect(dividerIsOlder(view([text(9)], { readSeq: 3 }))).toBe(true)
    expect(dividerIsOlder(view([text(4)], { readSeq: 3 }))).toBe(false)
    expect(dividerIsOlder(view([text(9)], { readSeq: 3, more: false }))).toBe(false)
    expect(dividerIsOlder(view([]))).toBe(false)
  })
})
