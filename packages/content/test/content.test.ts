import { describe, expect, it } from 'vitest'
import {
  encodeText,
  idFromBytes,
  MalformedError,
  type AccountId,
  type ConversationId,
  type DeviceId,
} from '@brieftaube/protocol'
import {
  cleanName,
  contentMaxBytes,
  decodeContent,
  encodeContent,
  textMaxBytes,
  type Content,
} from '../src/index.ts'

const alice = idFromBytes<AccountId>(new Uint8Array(16).fill(1))
const replyTo = {
  conversation: idFromBytes<ConversationId>(new Uint8Array(16).fill(2)),
  device: idFromBytes<DeviceId>(new Uint8Array(16).fill(3)),
  counter: 4,
}
const text: Content = { kind: 'text', text: 'Hello *bob* 👋', mentions: [alice], replyTo }

describe('content', () => {
  it('comes back as it was', () => {
    for (const content of [
      text,
      { kind: 'text', text: 'x' },
      { kind: 'group-info', title: 'Chess club' },
    ] satisfies Content[])
      expect(decodeContent(encodeContent({ sentAt: 1000, content }))).toEqual({ sentAt: 1000, content })
  })

  it('is written the same way whatever the order of its fields', () => {
    const shuffled: Content = { replyTo, mentions: [alice], text: text.text, kind: 'text' }
    expect(encodeContent({ sentAt: 1, content: shuffled })).toEqual(
      encodeContent({ sentAt: 1, content: text }),
    )
  })

  it('has its bytes pinned', () => {
    const bytes = encodeContent({ sentAt: 1000, content: { kind: 'text', text: 'hi' } })
    expect(new TextDecoder().decode(bytes)).toBe(
      '{"version":1,"sentAt":1000,"content":{"kind":"text","text":"hi"}}',
    )
  })

  it('of an unknown kind, or of a later version, is kept as it came', () => {
    const later = encodeText('{"version":1,"sentAt":5,"content":{"kind":"hologram","beam":7},"extra":true}')
    expect(decodeContent(later)).toEqual({
      sentAt: 5,
      content: { kind: 'unsupported', name: 'hologram', raw: later },
    })
    const newer = encodeText('{"version":2,"sentAt":5,"content":{"kind":"text","words":[]}}')
    expect(decodeContent(newer).content).toMatchObject({ kind: 'unsupported', name: 'text' })
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['no envelope', '[]'],
    ['no content', '{"version":1,"sentAt":1}'],
    ['a kind that is no name', '{"version":1,"sentAt":1,"content":{"kind":7}}'],
    ['no time', '{"version":1,"content":{"kind":"text","text":"x"}}'],
    ['a negative time', '{"version":1,"sentAt":-1,"content":{"kind":"text","text":"x"}}'],
    ['an empty text', '{"version":1,"sentAt":1,"content":{"kind":"text","text":""}}'],
    ['an unknown field', '{"version":1,"sentAt":1,"content":{"kind":"text","text":"x","html":"<b>"}}'],
    ['__proto__', '{"version":1,"sentAt":1,"content":{"kind":"text","text":"x","__proto__":{"a":1}}}'],
    [
      'a mention that is no id',
      '{"version":1,"sentAt":1,"content":{"kind":"text","text":"x","mentions":["bob"]}}',
    ],
    ['a title that is not clean', '{"version":1,"sentAt":1,"content":{"kind":"group-info","title":" x"}}'],
  ])('is refused when it is %s', (_, json) => {
    expect(() => decodeContent(encodeText(json))).toThrow(MalformedError)
  })

  it('that is not UTF-8, or too large, is refused', () => {
    expect(() => decodeContent(Uint8Array.of(0xff, 0xfe))).toThrow(MalformedError)
    expect(() => decodeContent(new Uint8Array(contentMaxBytes + 1).fill(0x20))).toThrow(MalformedError)
  })

  it('has a text of at most 16 KiB in UTF-8', () => {
    const fits: Content = { kind: 'text', text: 'ü'.repeat(textMaxBytes / 2) }
    expect(decodeContent(encodeContent({ sentAt: 1, content: fits })).content).toEqual(fits)
    expect(() => encodeContent({ sentAt: 1, content: { kind: 'text', text: `${fits.text}x` } })).toThrow()
  })
})

describe('names', () => {
  it.each([
    ['Alice', 'Alice'],
    ['  Alice \t B.\n', 'Alice B.'],
    ['evil\u202Etxt.exe', 'eviltxt.exe'],
    ['\u2066a\u2069\u200Eb\u061C', 'ab'],
    ['ad\u00ADmin\u200B\uFEFF', 'admin'],
    ['nul\u0000\u001B[31m', 'nul[31m'],
    ['e\u0301', '\u00E9'],
    ['👩‍👧', '👩‍👧'],
    ['👩🏽‍🚒 ❤️‍🔥', '👩🏽‍🚒 ❤️‍🔥'],
    ['a\u200Db', 'ab'],
    ['\u2028\u00A0\u3000', ''],
    ['\uE000x', 'x'],
    ['مرحبا', 'مرحبا'],
  ])('%j become %j', (name, cleaned) => {
    expect(cleanName(name)).toBe(cleaned)
  })

  it('are cut between code points, and cleaning again changes nothing', () => {
    const long = cleanName('👋'.repeat(100), 64)
    expect([...long]).toHaveLength(64)
    expect(cleanName(long)).toBe(long)
    expect(cleanName(`${'a'.repeat(63)} b`, 64)).toBe('a'.repeat(63))
  })
})
