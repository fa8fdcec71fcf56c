/** What the quick switcher offers for a query. */
import type { ContactView, ConversationRow } from '@brieftaube/contract'
import { matches } from '../texts/fold.ts'
import { pathOf, settingsSections, type SettingsSection } from './routes.ts'

export interface SwitcherResult {
  readonly id: string
  readonly kind: 'chat' | 'contact' | 'settings'
  readonly title: string
  readonly detail: string
  readonly path: string
  /** For the avatar. */
  readonly seed: string
  readonly picture: Uint8Array | undefined
  readonly square: boolean
}

export interface SwitcherSource {
  readonly rows: readonly ConversationRow[]
  readonly contacts: readonly ContactView[]
  readonly sections: Readonly<Record<SettingsSection, string>>
  readonly unnamedGroup: string
}

const CHATS = 12
const CONTACTS = 8

/** Chats by last activity, then people without a chat, then settings; settings only when something is typed. */
export function switcherResults(source: SwitcherSource, query: string): readonly SwitcherResult[] {
  return [...chats(source, query), ...people(source, query), ...settings(source, query)]
}

function chats({ rows, contacts, unnamedGroup }: SwitcherSource, query: string): readonly SwitcherResult[] {
  const userNames = new Map(contacts.map((contact) => [contact.account, contact.userName]))
  return rows
    .map((row) => ({
      row,
      title: row.title === '' ? unnamedGroup : row.title,
      userName: (row.peer === undefined ? undefined : userNames.get(row.peer)) ?? '',
    }))
    .filter(({ title, userName }) => matches(query, title, userName))
    .sort((left, right) => right.row.lastActivityAt - left.row.lastActivityAt)
    .slice(0, CHATS)
    .map(({ row, title, userName }) => ({
      id: `chat-${row.conversation}`,
      kind: 'chat',
      title,
      detail: userName === '' ? '' : `@${userName}`,
      path: pathOf({ kind: 'chats', conversation: row.conversation, details: false }),
      seed: row.peer ?? row.conversation,
      picture: row.picture,
      square: row.kind === 'group',
    }))
}

function people({ rows, contacts }: SwitcherSource, query: string): readonly SwitcherResult[] {
  const withChat = new Set(rows.map((row) => row.peer))
  return contacts
    .filter((contact) => contact.state !== 'blocked' && !withChat.has(contact.account))
    .filter((contact) => matches(query, contact.displayName, contact.userName))
    .sort((left, right) => left.displayName.localeCompare(right.displayName))
    .slice(0, CONTACTS)
    .map((contact) => ({
      id: `contact-${contact.account}`,
      kind: 'contact',
      title: contact.displayName,
      detail: `@${contact.userName}`,
      path: pathOf({ kind: 'contacts', account: contact.account }),
      seed: contact.account,
      picture: contact.picture,
      square: false,
    }))
}

function settings({ sections }: SwitcherSource, query: string): readonly SwitcherResult[] {
  if (query.trim() === '') return []
  return settingsSections
    .filter((section) => matches(query, sections[section]))
    .map((section) => ({
      id: `settings-${section}`,
      kind: 'settings',
      title: sections[section],
      detail: '',
      path: pathOf({ kind: 'settings', section }),
      seed: '',
      picture: undefined,
      square: false,
    }))
}
