import type { SystemEvent } from '@brieftaube/contract'
import { describe, expect, it } from 'vitest'
import {
  announcements,
  headerLine,
  messageName,
  previewOf,
  systemSentence,
  typingSentence,
} from '../../src/chats/sentences.ts'
import { chatTexts } from '../../src/chats/texts.ts'
import { makeDates } from '../../src/texts/dates.ts'
import { account, broken, conversation, member, own, row, system, text } from './fixtures.ts'

const { de, en } = chatTexts
const plain = (sentence: string) => sentence.replace(/[\u2068\u2069]/gu, '')
const you = { account: account('me'), name: 'Alice', own: true }
const bob = { account: account('bob'), name: 'Bob', own: false }
const carla = { account: account('carla'), name: 'Carla', own: false }

describe('system lines', () => {
  const cases: [SystemEvent, string, string][] = [
    [{ kind: 'created', by: you }, 'Du hast die Unterhaltung begonnen', 'You started the conversation'],
    [
      { kind: 'members-added', by: bob, who: [you, carla] },
      'Bob hat dich und Carla hinzugefügt',
      'Bob added you and Carla',
    ],
    [{ kind: 'member-removed', by: you, who: bob }, 'Du hast Bob entfernt', 'You removed Bob'],
    [{ kind: 'member-left', who: bob }, 'Bob hat die Gruppe verlassen', 'Bob left the group'],
    [{ kind: 'device-added', who: bob }, 'Neues Gerät von Bob', 'New device of Bob'],
    [
      { kind: 'admin-changed', by: bob, who: you, admin: false },
      'Bob hat dir die Adminrechte entzogen',
      'Bob removed you as admin',
    ],
    [
      { kind: 'title-changed', by: you, title: 'Aufbau' },
      'Du hast die Gruppe in „Aufbau“ umbenannt',
      'You renamed the group to “Aufbau”',
    ],
    [
      { kind: 'key-changed', who: bob },
      'Der Schlüssel von Bob hat sich geändert',
      'The key of Bob has changed',
    ],
    [
      { kind: 'restored-members', back: [bob], gone: [] },
      'Nach der Wiederherstellung wieder dabei: Bob',
      'Members again after the restore: Bob',
    ],
  ]
  it.each(cases)('$0.kind in both languages', (event, german, english) => {
    expect(plain(systemSentence(event, de))).toBe(german)
    expect(plain(systemSentence(event, en))).toBe(english)
  })

  it('have a sentence without technical words for every warning', () => {
    for (const reason of ['gap', 'reordered', 'forked', 'refused-change'] as const) {
      for (const texts of [de, en]) {
        expect(systemSentence({ kind: 'history-warning', reason }, texts)).not.toMatch(
          /epoch|hash|seq|commit|undefined/iu,
        )
      }
    }
  })
})

describe('typing lines', () => {
  it('name one or two and count more', () => {
    expect(typingSentence([], 'group', de)).toBeUndefined()
    expect(typingSentence(['Bob'], 'direct', de)).toBe('tippt …')
    expect(plain(typingSentence(['Bob', 'Carla'], 'group', de) ?? '')).toBe('Bob und Carla tippen …')
    expect(typingSentence(['a', 'b', 'c'], 'group', en)).toBe('3 people are typing …')
  })
})

describe('a row of the list', () => {
  const preview = {
    kind: 'text',
    text: 'Die Werte\nsind da',
    author: 'Eva Kern',
    own: false,
    state: undefined,
  } as const

  it('shows who wrote in groups only', () => {
    expect(previewOf(row('g', { kind: 'group', preview }), de)).toMatchObject({
      prefix: 'Eva:',
      text: 'Die Werte sind da',
    })
    expect(previewOf(row('d', { preview }), de).prefix).toBeUndefined()
  })

  it('prefers who types, then the draft, then the last message', () => {
    const drafted = row('d', { preview, draft: 'Kannst du' })
    expect(previewOf({ ...drafted, typing: ['d'] }, de)).toMatchObject({ tone: 'typing', text: 'tippt …' })
    expect(previewOf(drafted, de)).toMatchObject({ tone: 'draft', prefix: 'Entwurf:', text: 'Kannst du' })
    expect(previewOf(drafted, de, true).tone).toBe('plain')
  })

  it('has a state only for an own last message', () => {
    expect(previewOf(row('d', { preview: { ...preview, own: true, state: 'read' } }), de).state).toBe('read')
    expect(previewOf(row('d', { preview: { ...preview, state: 'read' } }), de).state).toBeUndefined()
  })
})

describe('the accessible name of a message', () => {
  const at = new Date(2026, 10, 22, 14, 2).getTime()

  it('says author, time, text and state', () => {
    expect(plain(messageName(text(1, { at, text: 'Hallo' }), de, makeDates('de', 'de-DE')))).toBe(
      'Anna, 14:02, Hallo',
    )
    expect(messageName(own(2, { at, text: 'Hi', state: 'read' }), de, makeDates('de', 'de-DE'))).toBe(
      'Du, 14:02, Hi, gelesen',
    )
    expect(messageName(own(undefined, { at, text: 'Hi' }), en, makeDates('en', 'en-GB'))).toBe(
      'You, 14:02, Hi, waiting',
    )
  })

  it('says what it answers, and why a broken one is not shown', () => {
    const replyTo = { author: 'Bob', text: 'Kommst du?', key: 'k' }
    expect(plain(messageName(text(1, { at, text: 'Ja', replyTo }), de, makeDates('de', 'de-DE')))).toBe(
      'Anna, 14:02, Antwort auf Bob: Kommst du?, Ja',
    )
    expect(plain(messageName(broken(1, { at, repairing: true }), de, makeDates('de', 'de-DE')))).toContain(
      'ließ sich nicht öffnen. Brieftaube versucht',
    )
  })
})

describe('announcements', () => {
  it('speak of messages of others and of system lines', () => {
    expect(
      announcements(
        [text(1, { text: 'Hallo' }), own(2), system(3, { kind: 'member-left', who: bob })],
        de,
      ).map(plain),
    ).toEqual(['Anna: Hallo', 'Bob hat die Gruppe verlassen'])
  })

  it('become one when many arrive at once', () => {
    expect(announcements([text(1), text(2), text(3), text(4), own(5)], de)).toEqual(['4 neue Nachrichten'])
  })
})

describe('the line under the title', () => {
  it('says who types before who is there', () => {
    expect(headerLine(conversation(), de)).toEqual({ text: '3 Mitglieder', typing: false })
    const online = conversation({
      members: [member('Ich', { own: true, online: true }), member('Anna', { online: true })],
    })
    expect(headerLine(online, de).text).toBe('2 Mitglieder, 1 online')
    expect(headerLine(conversation({ typing: ['Anna'] }), de)).toMatchObject({ typing: true })
    expect(headerLine(conversation({ kind: 'direct', members: [member('Anna')] }), de).text).toBe('@anna')
  })
})
