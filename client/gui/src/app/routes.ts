/** Where one can be in the window, and how it is written in the address. */
import type { AccountId, ConversationId } from '@brieftaube/contract'

export const settingsSections = [
  'profile',
  'account',
  'devices',
  'appearance',
  'privacy',
  'keyboard',
  'about',
] as const
export type SettingsSection = (typeof settingsSections)[number]

export type Route =
  | { readonly kind: 'chats'; readonly conversation: ConversationId | undefined; readonly details: boolean }
  | { readonly kind: 'contacts'; readonly account: AccountId | undefined }
  | { readonly kind: 'settings'; readonly section: SettingsSection | undefined }
  /** Somebody's own link. */
  | { readonly kind: 'person'; readonly userName: string }
  | { readonly kind: 'invite'; readonly code: string }
  | { readonly kind: 'unknown' }

export type Area = 'chats' | 'contacts' | 'settings'

const ID = /^[A-Za-z0-9_-]{22}$/
const USER_NAME = /^@[a-z0-9._-]{1,64}$/
const INVITE = /^[A-Za-z0-9_-]{1,128}$/

/** From a path of the address bar, which anybody may have written. */
export function parseRoute(path: string): Route {
  const [first, second, third, ...rest] = path.split('/').filter((part) => part !== '')
  if (rest.length > 0) return { kind: 'unknown' }
  if (first === undefined) return { kind: 'chats', conversation: undefined, details: false }
  if (second === undefined && USER_NAME.test(decode(first).toLowerCase())) {
    return { kind: 'person', userName: decode(first).slice(1).toLowerCase() }
  }
  if (first === 'chats') return parseChats(second, third)
  if (third !== undefined) return { kind: 'unknown' }
  switch (first) {
    case 'contacts':
      if (second === undefined) return { kind: 'contacts', account: undefined }
      // The brand is only a promise of the form, which was just checked.
      return ID.test(second) ? { kind: 'contacts', account: second as AccountId } : { kind: 'unknown' }
    case 'settings':
      return parseSettings(second)
    case 'invite':
      return second !== undefined && INVITE.test(second)
        ? { kind: 'invite', code: second }
        : { kind: 'unknown' }
    default:
      return { kind: 'unknown' }
  }
}

function parseChats(id: string | undefined, rest: string | undefined): Route {
  if (id === undefined) return { kind: 'chats', conversation: undefined, details: false }
  if (!ID.test(id) || (rest !== undefined && rest !== 'details')) return { kind: 'unknown' }
  return { kind: 'chats', conversation: id as ConversationId, details: rest === 'details' }
}

function parseSettings(section: string | undefined): Route {
  if (section === undefined) return { kind: 'settings', section: undefined }
  const known = settingsSections.find((name) => name === section)
  return known === undefined ? { kind: 'unknown' } : { kind: 'settings', section: known }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The path of a route; `parseRoute` reads it back. */
export function pathOf(route: Route): string {
  switch (route.kind) {
    case 'chats':
      if (route.conversation === undefined) return '/'
      return `/chats/${route.conversation}${route.details ? '/details' : ''}`
    case 'contacts':
      return route.account === undefined ? '/contacts' : `/contacts/${route.account}`
    case 'settings':
      return route.section === undefined ? '/settings' : `/settings/${route.section}`
    case 'person':
      return `/@${route.userName}`
    case 'invite':
      return `/invite/${route.code}`
    case 'unknown':
      return '/'
  }
}

/** Which entry of the navigation bar a route belongs to. */
export function areaOf(route: Route): Area {
  switch (route.kind) {
    case 'contacts':
    case 'person':
      return 'contacts'
    case 'settings':
      return 'settings'
    case 'chats':
    case 'invite':
    case 'unknown':
      return 'chats'
  }
}

/** Whether a narrow window shows the list of the area, so that the navigation bar stands below it. */
export function showsList(route: Route): boolean {
  switch (route.kind) {
    case 'chats':
      return route.conversation === undefined
    case 'contacts':
      return route.account === undefined
    case 'settings':
      return route.section === undefined
    case 'person':
      return false
    case 'invite':
    case 'unknown':
      return true
  }
}

/** One step up: from details to the chat, from a page to its list; undefined at a list. */
export function parentOf(route: Route): Route | undefined {
  switch (route.kind) {
    case 'chats':
      if (route.conversation === undefined) return undefined
      return { kind: 'chats', conversation: route.details ? route.conversation : undefined, details: false }
    case 'contacts':
      return route.account === undefined ? undefined : { kind: 'contacts', account: undefined }
    case 'settings':
      return route.section === undefined ? undefined : { kind: 'settings', section: undefined }
    case 'person':
      return { kind: 'contacts', account: undefined }
    case 'invite':
    case 'unknown':
      return { kind: 'chats', conversation: undefined, details: false }
  }
}
