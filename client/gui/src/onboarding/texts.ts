import { defineTexts } from '../texts/define-texts.ts'
import { de } from './texts-de.ts'
import { en } from './texts-en.ts'

export type OnboardingTexts = typeof de
export const onboardingTexts = defineTexts({ de, en })
