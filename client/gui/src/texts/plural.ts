import type { Language } from './language.ts'

const rules: Readonly<Record<Language, Intl.PluralRules>> = {
  de: new Intl.PluralRules('de'),
  en: new Intl.PluralRules('en'),
}
const numbers: Readonly<Record<Language, Intl.NumberFormat>> = {
  de: new Intl.NumberFormat('de'),
  en: new Intl.NumberFormat('en'),
}

/** "1 Gerät", "1.200 Geräte": the count in the language's digits, and its form of the noun. */
export function counted(language: Language, count: number, one: string, other: string): string {
  return `${numbers[language].format(count)} ${rules[language].select(count) === 'one' ? one : other}`
}

/** "Anna", "Anna und Bob", "Anna, Bob und Carla". */
export function listed(language: Language, items: readonly string[]): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(items)
}
