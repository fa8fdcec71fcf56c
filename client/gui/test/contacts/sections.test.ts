import type { AccountId, ContactState, ContactView } from '@brieftaube/contract'
import { describe, expect, it } from 'vitest'
import { contactSections, digitGroups, personLink } from '../../src/contacts/sections.ts'

function contact(displayName: string, state: ContactState): ContactView {
  return {
    account: displayName.padEnd(22, 'A') as AccountId,
    userName: displayName.toLowerCase(),
    displayName,
    statusText: '',
    picture: undefined,
    state,
    verified: false,
    keyChanged: false,
    online: false,
    conversation: undefined,
  }
}

const contacts = [
  contact('Zoe', 'accepted'),
  contact('Mallory', 'blocked'),
  contact('Özlem', 'accepted'),
  contact('Bob', 'incoming'),
]

describe('the contact list', () => {
  it('puts requests first and the blocked last, and sorts as the language does', () => {
    const sections = contactSections(contacts, '', 'de')
    expect(sections.map((section) => section.state)).toEqual(['incoming', 'accepted', 'blocked'])
    expect(sections[1]?.contacts.map((each) => each.displayName)).toEqual(['Özlem', 'Zoe'])
  })

  it('finds by name or user name, with or without @', () => {
    expect(contactSections(contacts, '@zoe', 'de').flatMap((section) => section.contacts)).toHaveLength(1)
    expect(contactSections(contacts, 'ozlem', 'de').flatMap((section) => section.contacts)).toHaveLength(1)
    expect(contactSections(contacts, 'nobody', 'de')).toEqual([])
  })
})

describe('what is compared and shared', () => {
  it('groups digits by five', () => {
    expect(digitGroups('1234567890 12')).toEqual(['12345', '67890', '12'])
    expect(digitGroups('')).toEqual([])
  })

  it('builds the own link', () => {
    expect(personLink('https://brief.example', 'alice')).toBe('https://brief.example/@alice')
  })
})
