/** The words of the chats. */
import { defineTexts } from '../texts/define-texts.ts'
import { de } from './texts-de.ts'
import { en } from './texts-en.ts'

export type ChatTexts = typeof de
export type { Person } from './texts-de.ts'
export const chatTexts = defineTexts({ de, en })
