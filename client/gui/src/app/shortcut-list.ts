/** Every shortcut in words, for the settings and for "?". */
import { defineTexts } from '../texts/define-texts.ts'
import type { Language } from '../texts/language.ts'
import { commandKey } from './shortcuts.ts'

export const shortcutTexts = defineTexts({
  de: {
    everywhere: 'Überall',
    switcher: 'Schnell wechseln',
    regions: 'Zum nächsten Bereich',
    back: 'Schließen oder einen Schritt zurück',
    list: 'Diese Liste',
    chats: 'Chats',
    nextChat: 'Nächster oder voriger Chat',
    nextUnread: 'Nächster oder voriger ungelesener Chat',
    messages: 'Nachrichten',
    send: 'Senden',
    newLine: 'Neue Zeile',
    lastMessage: 'Zur letzten Nachricht (im leeren Feld)',
    moveMessages: 'Von Nachricht zu Nachricht',
    shift: 'Umschalt',
    enter: 'Enter',
    esc: 'Esc',
    alt: 'Alt',
  },
  en: {
    everywhere: 'Everywhere',
    switcher: 'Quick switcher',
    regions: 'To the next region',
    back: 'Close or one step back',
    list: 'This list',
    chats: 'Chats',
    nextChat: 'Next or previous chat',
    nextUnread: 'Next or previous unread chat',
    messages: 'Messages',
    send: 'Send',
    newLine: 'New line',
    lastMessage: 'To the last message (in the empty field)',
    moveMessages: 'From message to message',
    shift: 'Shift',
    enter: 'Enter',
    esc: 'Esc',
    alt: 'Alt',
  },
})

interface Shortcut {
  readonly name: string
  readonly keys: readonly string[]
}

export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly Shortcut[]
}

export function shortcutGroups(
  texts: (typeof shortcutTexts)['de'],
  language: Language,
  enterSends: boolean,
): readonly ShortcutGroup[] {
  const command = commandKey(language)
  const plain = [texts.enter]
  return [
    {
      title: texts.everywhere,
      shortcuts: [
        { name: texts.switcher, keys: [command, 'K'] },
        { name: texts.regions, keys: ['F6'] },
        { name: texts.back, keys: [texts.esc] },
        { name: texts.list, keys: ['?'] },
      ],
    },
    {
      title: texts.chats,
      shortcuts: [
        { name: texts.nextChat, keys: [texts.alt, '↓ ↑'] },
        { name: texts.nextUnread, keys: [texts.alt, texts.shift, '↓ ↑'] },
      ],
    },
    {
      title: texts.messages,
      shortcuts: [
        { name: texts.send, keys: enterSends ? plain : [command, texts.enter] },
        { name: texts.newLine, keys: enterSends ? [texts.shift, texts.enter] : plain },
        { name: texts.lastMessage, keys: ['↑'] },
        { name: texts.moveMessages, keys: ['↓ ↑'] },
      ],
    },
  ]
}
