/** The shortcuts of the whole window. */

export interface ShortcutActions {
  readonly switcher: () => void
  readonly shortcuts: () => void
}

interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** What a key press means; `typing` is whether it goes into a text. */
export function shortcutOf(press: KeyPress, typing: boolean): keyof ShortcutActions | undefined {
  const command = (press.ctrlKey || press.metaKey) && !press.altKey
  if (command && press.key.toLowerCase() === 'k') return 'switcher'
  if (press.key === '?' && !typing && !press.ctrlKey && !press.metaKey) return 'shortcuts'
  return undefined
}

/** Returns the end of it. */
export function watchShortcuts(actions: ShortcutActions): () => void {
  function press(event: KeyboardEvent): void {
    const name = shortcutOf(event, isTyping(event.target))
    if (name === undefined) return
    event.preventDefault()
    // A question in a dialog is answered first.
    if (document.querySelector('dialog[open]') === null) actions[name]()
  }
  document.addEventListener('keydown', press)
  return () => document.removeEventListener('keydown', press)
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  )
}

/** "⌘" on Apple's keyboards, "Strg" or "Ctrl" elsewhere. */
export function commandKey(language: 'de' | 'en'): string {
  if (/mac|iphone|ipad/i.test(navigator.platform)) return '⌘'
  return language === 'de' ? 'Strg' : 'Ctrl'
}
