/** Which contacts stand where in the list. */
import type { ContactState, ContactView } from '@brieftaube/contract'
import { matches } from '../texts/fold.ts'

export interface ContactSection {
  readonly state: ContactState
  readonly contacts: readonly ContactView[]
}

/** Requests first, then people, what was asked, and the blocked last; empty ones are left out. */
const ORDER: readonly ContactState[] = ['incoming', 'accepted', 'outgoing', 'blocked']

export function contactSections(
  contacts: readonly ContactView[],
  query: string,
  language: 'de' | 'en',
): readonly ContactSection[] {
  const collator = new Intl.Collator(language, { sensitivity: 'base' })
  const wanted = query.trim().replace(/^@/, '')
  return ORDER.map((state) => ({
    state,
    contacts: contacts
      .filter((contact) => contact.state === state && matches(wanted, contact.displayName, contact.userName))
      .sort((left, right) => collator.compare(left.displayName, right.displayName)),
  })).filter((section) => section.contacts.length > 0)
}

/** Digits in groups of five, for reading aloud. */
export function digitGroups(digits: string): readonly string[] {
  return digits.replace(/\D/gu, '').match(/.{1,5}/gu) ?? []
}

/** The own link, which others open to find somebody. */
export function personLink(origin: string, userName: string): string {
  return `${origin}/@${userName}`
}
