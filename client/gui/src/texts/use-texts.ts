import { createContext, useContext } from 'react'
import { makeDates, type Dates } from './dates.ts'
import type { AreaTexts, Texts } from './define-texts.ts'
import type { Language } from './language.ts'

export interface Speech {
  readonly language: Language
  readonly locale: string
  readonly dates: Dates
}

export function makeSpeech(language: Language, locale: string): Speech {
  return { language, locale, dates: makeDates(language, locale) }
}

export const SpeechContext = createContext<Speech>(makeSpeech('de', 'de-DE'))

/** The texts of an area in the current language. */
export function useTexts<T extends Texts>(area: AreaTexts<T>): T {
  return area[useContext(SpeechContext).language]
}

export function useSpeech(): Speech {
  return useContext(SpeechContext)
}
