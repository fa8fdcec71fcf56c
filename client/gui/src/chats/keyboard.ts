/** What a key means in each part of the chats, decided without any element. */
import type { ListStep } from './list-rows.ts'

export interface Key {
  readonly key: string
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  /** While an input method composes, Enter and arrows belong to it. */
  readonly isComposing?: boolean | undefined
}

/** Anywhere in the window: Alt+↓ next chat, Alt+Shift+↓ next unread one. */
export function chatStepOf(key: Key): ListStep | undefined {
  if (!key.altKey || key.ctrlKey || key.metaKey) return undefined
  if (key.key === 'ArrowDown') return key.shiftKey ? 'next-unread' : 'next'
  if (key.key === 'ArrowUp') return key.shiftKey ? 'previous-unread' : 'previous'
  return undefined
}

/** Inside the list: plain arrows move the focus, Enter opens (that is the row's own doing). */
export function listStepOf(key: Key): ListStep | undefined {
  if (key.altKey || key.ctrlKey || key.metaKey || key.shiftKey) return undefined
  switch (key.key) {
    case 'ArrowDown':
      return 'next'
    case 'ArrowUp':
      return 'previous'
    case 'Home':
      return 'first'
    case 'End':
      return 'last'
    default:
      return undefined
  }
}

export type ComposerAction = 'send' | 'break' | 'last-message' | 'cancel-reply'

export function composerActionOf(
  key: Key,
  state: { readonly enterSends: boolean; readonly empty: boolean; readonly replying: boolean },
): ComposerAction | undefined {
  if (key.isComposing === true) return undefined
  if (key.key === 'Enter' && !key.altKey) {
    if (key.ctrlKey || key.metaKey) return 'send'
    return state.enterSends && !key.shiftKey ? 'send' : 'break'
  }
  if (key.key === 'Escape' && state.replying) return 'cancel-reply'
  if (key.key === 'ArrowUp' && state.empty && !key.altKey && !key.shiftKey && !key.ctrlKey && !key.metaKey) {
    return 'last-message'
  }
  return undefined
}

export type MessageAction =
  | {
      readonly kind: 'move'
      readonly to: 'next' | 'previous' | 'first' | 'last' | 'next-page' | 'previous-page'
    }
  | { readonly kind: 'reply' }
  | { readonly kind: 'copy' }
  | { readonly kind: 'menu' }
  | { readonly kind: 'to-composer' }

/** On a focused message. A letter without a modifier is a command here: nothing is typed into a message. */
export function messageActionOf(key: Key): MessageAction | undefined {
  if (key.altKey) return undefined
  if (key.ctrlKey || key.metaKey) {
    return key.key.toLowerCase() === 'c' && !key.shiftKey ? { kind: 'copy' } : undefined
  }
  if (key.shiftKey) return key.key === 'F10' ? { kind: 'menu' } : undefined
  switch (key.key) {
    case 'ArrowDown':
      return { kind: 'move', to: 'next' }
    case 'ArrowUp':
      return { kind: 'move', to: 'previous' }
    case 'Home':
      return { kind: 'move', to: 'first' }
    case 'End':
      return { kind: 'move', to: 'last' }
    case 'PageDown':
      return { kind: 'move', to: 'next-page' }
    case 'PageUp':
      return { kind: 'move', to: 'previous-page' }
    case 'r':
    case 'R':
      return { kind: 'reply' }
    case 'c':
    case 'C':
      return { kind: 'copy' }
    case 'Enter':
    case 'ContextMenu':
      return { kind: 'menu' }
    case 'Escape':
      return { kind: 'to-composer' }
    default:
      return undefined
  }
}
