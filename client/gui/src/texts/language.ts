/** The languages of the window. */
import type { Language as LanguageSetting } from '@brieftaube/contract'

export type Language = 'de' | 'en'

/** What the setting means here: "system" follows the first browser language that we speak, German otherwise. */
export function resolveLanguage(setting: LanguageSetting, browserLanguages: readonly string[]): Language {
  if (setting !== 'system') return setting
  for (const tag of browserLanguages) {
    const language = tag.toLowerCase().split('-')[0]
    if (language === 'de' || language === 'en') return language
  }
  return browserLanguages.length === 0 ? 'de' : 'en'
}

/** The locale for `Intl`: the browser's own region where it speaks the language, so that dates look familiar. */
export function localeOf(language: Language, browserLanguages: readonly string[]): string {
  const own = browserLanguages.find((tag) => tag.toLowerCase().split('-')[0] === language)
  return own ?? (language === 'de' ? 'de-DE' : 'en-GB')
}
