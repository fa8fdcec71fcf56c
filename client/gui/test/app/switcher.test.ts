import type { AccountId, ContactView, ConversationId, ConversationRow } from '@brieftaube/contract'
import { describe, expect, it } from 'vitest'
import { switcherResults, type SwitcherSource } from '../../src/app/switcher-results.ts'

function account(letter: string): AccountId {
  return letter.repeat(22) as AccountId
}

function contact(letter: string, displayName: string, more: Partial<ContactView> = {}): ContactView {
  return {
    account: account(letter),
    userName: displayName.toLowerCase().replace(/[^a-z]/g, ''),
    displayName,
    statusText: '',
    picture: undefined,
    state: 'accepted',
    verified: false,
    keyChanged: false,
    online: false,
    conversation: undefined,
    ...more,
  }
}

function row(
  letter: string,
  title: string,
  lastActivityAt: number,
  more: Partial<ConversationRow> = {},
): ConversationRow {
  return {
    conversation: letter.repeat(22) as ConversationId,
    kind: 'direct',
    title,
    picture: undefined,
    peer: account(letter),
    unread: 0,
    draft: '',
    lastActivityAt,
    preview: undefined,
    typing: [],
    verified: false,
    online: false,
    active: true,
    ...more,
  }
}

const source: SwitcherSource = {
  rows: [row('b', 'Bob', 1), row('c', 'Carla Weiß', 2), row('g', '', 3, { kind: 'group', peer: undefined })],
  contacts: [
    contact('b', 'Bob'),
    contact('c', 'Carla Weiß'),
    contact('d', 'Dörte'),
    contact('m', 'Mallory', { state: 'blocked' }),
  ],
  sections: {
    profile: 'Profil',
    account: 'Konto',
    devices: 'Geräte',
    appearance: 'Darstellung',
    privacy: 'Privatsphäre',
    keyboard: 'Tastatur',
    about: 'Über',
  },
  unnamedGroup: 'Gruppe',
}

describe('the quick switcher', () => {
  it('offers the latest chats first, then people without one, and no settings before something is typed', () => {
    const titles = switcherResults(source, '').map((result) => result.title)
    expect(titles).toEqual(['Gruppe', 'Carla Weiß', 'Bob', 'Dörte'])
  })

  it('finds without umlauts and sharp s', () => {
    expect(switcherResults(source, 'weiss').map((result) => result.title)).toEqual(['Carla Weiß'])
    expect(switcherResults(source, 'dorte').map((result) => result.title)).toEqual(['Dörte'])
    expect(switcherResults(source, 'gerate').map((result) => result.path)).toEqual(['/settings/devices'])
  })

  it('keeps the blocked out', () => {
    expect(switcherResults(source, 'mallory')).toEqual([])
  })
})
