import { defineTexts } from '../texts/define-texts.ts'
import { de } from './texts-de.ts'
import { en } from './texts-en.ts'

export type ContactTexts = typeof de
export const contactTexts = defineTexts({ de, en })
