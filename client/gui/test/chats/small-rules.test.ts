import { describe, expect, it } from 'vitest'
import { excerpt, isolate } from '../../src/chats/bidi.ts'
import { isEmojiOnly } from '../../src/chats/emoji.ts'
import { newLocalId } from '../../src/chats/ids.ts'
import {
  chatStepOf,
  composerActionOf,
  listStepOf,
  messageActionOf,
  type Key,
} from '../../src/chats/keyboard.ts'
import { excessOf, textMaxBytes } from '../../src/chats/text-length.ts'
import { startOfDay, startOfNextDay } from '../../src/chats/days.ts'

const key = (name: string, held: Partial<Key> = {}): Key => ({
  key: name,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
})

describe('emoji-only messages', () => {
  it.each(['👍', '🎉 🎉', '👩‍👩‍👧‍👦', '❤️', '👍🏽', '🇩🇪', '1️⃣', '😀😃😄😁😆😅', '👩‍⚕️'])('%s is one', (text) => {
    expect(isEmojiOnly(text)).toBe(true)
  })
  it.each(['', 'ok 👍', '12', '#', '©', '→', '😀😃😄😁😆😅😂', '❤', '   '])('"%s" is none', (text) => {
    expect(isEmojiOnly(text)).toBe(false)
  })
})

describe('names inside sentences', () => {
  it('are isolated, on one line and without direction overrides', () => {
    expect(isolate('Eve\u202e\n lieb')).toBe('\u2068Eve lieb\u2069')
  })
  it('are cut by letters, never inside one', () => {
    expect(excerpt(`${'a'.repeat(9)}🎉🎉`, 10)).toBe(`${'a'.repeat(9)}🎉…`)
    expect(excerpt('  zwei\n\nZeilen ')).toBe('zwei Zeilen')
  })
})

describe('a local id', () => {
  it('is 22 letters of base64url and never the same', () => {
    const ids = new Set(Array.from({ length: 500 }, newLocalId))
    expect(ids.size).toBe(500)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/u)
  })
})

describe('the length of a message', () => {
  it('is counted in bytes and told in letters', () => {
    expect(excessOf('a'.repeat(textMaxBytes))).toBe(0)
    expect(excessOf('a'.repeat(textMaxBytes + 3))).toBe(3)
    expect(excessOf('ä'.repeat(textMaxBytes / 2))).toBe(0)
    expect(excessOf('ä'.repeat(textMaxBytes / 2 + 5))).toBe(5)
    expect(excessOf('')).toBe(0)
  })
})

describe('days', () => {
  it('end at midnight, also where one has 23 or 25 hours', () => {
    const day = (month: number, date: number, hour = 0) => new Date(2026, month, date, hour).getTime()
    for (const [month, date] of [
      [2, 29],
      [9, 25],
      [10, 22],
      [11, 31],
    ] as const) {
      expect(startOfDay(day(month, date, 13))).toBe(day(month, date))
      expect(startOfNextDay(day(month, date, 13))).toBe(day(month, date + 1))
    }
  })
})

describe('keys', () => {
  it('move between chats with Alt, between unread ones with Shift too', () => {
    expect(chatStepOf(key('ArrowDown', { altKey: true }))).toBe('next')
    expect(chatStepOf(key('ArrowUp', { altKey: true, shiftKey: true }))).toBe('previous-unread')
    expect(chatStepOf(key('ArrowUp'))).toBeUndefined()
    expect(listStepOf(key('End'))).toBe('last')
    expect(listStepOf(key('End', { shiftKey: true }))).toBeUndefined()
  })

  it('send with Enter or break the line, as the setting says; Ctrl+Enter always sends', () => {
    const state = { enterSends: true, empty: false, replying: false }
    expect(composerActionOf(key('Enter'), state)).toBe('send')
    expect(composerActionOf(key('Enter', { shiftKey: true }), state)).toBe('break')
    expect(composerActionOf(key('Enter'), { ...state, enterSends: false })).toBe('break')
    expect(composerActionOf(key('Enter', { ctrlKey: true }), { ...state, enterSends: false })).toBe('send')
  })

  it('never send while an input method composes', () => {
    const state = { enterSends: true, empty: false, replying: true }
    expect(composerActionOf(key('Enter', { isComposing: true }), state)).toBeUndefined()
    expect(composerActionOf(key('Escape', { isComposing: true }), state)).toBeUndefined()
  })

  it('lead from an empty composer to the last message, and only from an empty one', () => {
    expect(composerActionOf(key('ArrowUp'), { enterSends: true, empty: true, replying: false })).toBe(
      'last-message',
    )
    expect(
      composerActionOf(key('ArrowUp'), { enterSends: true, empty: false, replying: false }),
    ).toBeUndefined()
  })

  it('act on a focused message', () => {
    expect(messageActionOf(key('r'))).toEqual({ kind: 'reply' })
    expect(messageActionOf(key('r', { ctrlKey: true }))).toBeUndefined()
    expect(messageActionOf(key('c', { metaKey: true }))).toEqual({ kind: 'copy' })
    expect(messageActionOf(key('F10', { shiftKey: true }))).toEqual({ kind: 'menu' })
    expect(messageActionOf(key('Escape'))).toEqual({ kind: 'to-composer' })
  })
})
