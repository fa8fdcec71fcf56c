import type { Language } from './language.ts'

/** A sentence, several in a row, a sentence with gaps, or a group of them. */
type Text = string | readonly string[] | ((...gaps: never[]) => string) | { readonly [key: string]: Text }
export type Texts = { readonly [key: string]: Text }

export type AreaTexts<T extends Texts> = Readonly<Record<Language, T>>

/** The texts of an area in each language: a key that one of them lacks does not compile. */
export function defineTexts<T extends Texts>(texts: {
  readonly de: T
  readonly en: NoInfer<T>
}): AreaTexts<T> {
  return texts
}
