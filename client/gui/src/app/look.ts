/** Theme, text size, motion and language on the page itself, with a copy that the next start reads before it paints. */
import type { Settings } from '@brieftaube/contract'
import type { Language } from '../texts/language.ts'

const COPY = 'brieftaube.look'

export const defaultSettings: Settings = {
  theme: 'system',
  language: 'system',
  textSize: 'normal',
  reduceMotion: false,
  enterSends: true,
  sendReadReceipts: true,
  sendTyping: true,
  listWidth: 340,
}

export function applyLook(settings: Settings, language: Language): void {
  const root = document.documentElement
  root.lang = language
  setOrRemove(root, 'theme', settings.theme === 'system' ? undefined : settings.theme)
  setOrRemove(root, 'textSize', settings.textSize === 'normal' ? undefined : settings.textSize)
  setOrRemove(root, 'reduceMotion', settings.reduceMotion ? 'true' : undefined)
  const { theme, textSize, reduceMotion } = settings
  try {
    localStorage.setItem(COPY, JSON.stringify({ theme, textSize, reduceMotion, language: settings.language }))
  } catch {
    // Without storage the look is right after the first state instead of before it.
  }
}

function setOrRemove(root: HTMLElement, key: string, value: string | undefined): void {
  if (value === undefined) delete root.dataset[key]
  else root.dataset[key] = value
}

/** What the last run left behind, until the settings arrive. */
export function rememberedSettings(): Settings {
  try {
    const copy: unknown = JSON.parse(localStorage.getItem(COPY) ?? '{}')
    return typeof copy === 'object' && copy !== null
      ? { ...defaultSettings, ...knownLook(copy) }
      : defaultSettings
  } catch {
    return defaultSettings
  }
}

function knownLook(copy: object): Partial<Settings> {
  const { theme, textSize, reduceMotion, language } = copy as Partial<Record<keyof Settings, unknown>>
  return {
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
    ...(textSize === 'small' || textSize === 'large' ? { textSize } : {}),
    ...(reduceMotion === true ? { reduceMotion } : {}),
    ...(language === 'de' || language === 'en' ? { language } : {}),
  }
}
