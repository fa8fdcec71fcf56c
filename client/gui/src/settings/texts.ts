import { defineTexts } from '../texts/define-texts.ts'
import { de } from './texts-de.ts'
import { en } from './texts-en.ts'

export type SettingsTexts = typeof de
export const settingsTexts = defineTexts({ de, en })
