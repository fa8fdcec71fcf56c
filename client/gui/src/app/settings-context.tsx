import type { Settings } from '@brieftaube/contract'
import { createContext, useContext, useLayoutEffect, useState, type ReactNode } from 'react'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { localeOf, resolveLanguage } from '../texts/language.ts'
import { makeSpeech, SpeechContext } from '../texts/use-texts.ts'
import { applyLook, rememberedSettings } from './look.ts'

export interface SettingsAccess {
  readonly settings: Settings
  /** Takes effect at once; the core keeps it. */
  readonly change: (change: Partial<Settings>) => void
}

const SettingsContext = createContext<SettingsAccess | undefined>(undefined)

/** Settings, look and language for everything inside. */
export function SettingsProvider({ children }: { readonly children: ReactNode }) {
  const { client } = useCore()
  const stored = useView('settings')
  const [remembered] = useState(rememberedSettings)
  // What was just changed here counts until the core repeats it.
  const [ahead, setAhead] = useState<Partial<Settings>>({})
  const settings = { ...remembered, ...stored, ...ahead }
  const language = resolveLanguage(settings.language, navigator.languages)
  const [speech, setSpeech] = useState(() => makeSpeech(language, localeOf(language, navigator.languages)))
  if (speech.language !== language) setSpeech(makeSpeech(language, localeOf(language, navigator.languages)))

  const { theme, textSize, reduceMotion } = settings
  useLayoutEffect(() => {
    applyLook(settings, language)
    // `applyLook` reads these and nothing else.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [theme, textSize, reduceMotion, settings.language, language])

  function change(part: Partial<Settings>): void {
    setAhead((before) => ({ ...before, ...part }))
    void attempt(client.call('changeSettings', part)).then(() => {
      setTimeout(() => setAhead((before) => without(before, part)), SETTLED_MS)
    })
  }

  return (
    <SettingsContext value={{ settings, change }}>
      <SpeechContext value={speech}>{children}</SpeechContext>
    </SettingsContext>
  )
}

/** Until the core's own state has surely arrived; from then on it alone counts, also for changes from other tabs. */
const SETTLED_MS = 500

function without(ahead: Partial<Settings>, part: Partial<Settings>): Partial<Settings> {
  const changed = Object.entries(part)
  return Object.fromEntries(
    Object.entries(ahead).filter(
      ([key, value]) => !changed.some(([name, was]) => name === key && was === value),
    ),
  )
}

export function useSettings(): SettingsAccess {
  const access = useContext(SettingsContext)
  if (access === undefined) throw new Error('SettingsProvider is missing')
  return access
}
