import { useEffect, useState } from 'react'
import { classNames } from '../kit/class-names.ts'
import { PasswordField } from '../kit/password-field.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './new-password-field.module.css'
import {
  judgePassword,
  loadEstimator,
  meterParts,
  type Estimate,
  type PasswordVerdict,
} from './password-strength.ts'
import { onboardingTexts, type OnboardingTexts } from './texts.ts'

/** Typing is not held up by the estimator. */
const PAUSE_MS = 120

/** The verdict on a password that is being typed; loads the estimator with the first letter. */
export function usePasswordVerdict(password: string, personal: readonly string[]): PasswordVerdict {
  const [judged, setJudged] = useState<{ readonly password: string; readonly estimate: Estimate }>()
  const personalKey = personal.join('\n')
  useEffect(() => {
    if (password === '') return
    let current = true
    const timer = setTimeout(() => {
      loadEstimator().then(
        (estimate) => {
          if (current) setJudged({ password, estimate: estimate(password, personalKey.split('\n')) })
        },
        () => undefined,
      )
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [password, personalKey])
  return judgePassword(password, judged?.password === password ? judged.estimate : undefined)
}

export interface NewPasswordFieldProps {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly verdict: PasswordVerdict
  /** After a try to go on: what is missing becomes an error. */
  readonly insist: boolean
}

/** A password field with a meter that lives along. */
export function NewPasswordField({ label, value, onValue, verdict, insist }: NewPasswordFieldProps) {
  const texts = useTexts(onboardingTexts)
  const parts = meterParts(verdict)
  const words = verdictWords(texts, verdict)
  return (
    <PasswordField
      label={label}
      showLabel={texts.showPassword}
      hideLabel={texts.hidePassword}
      autoComplete="new-password"
      name="new-password"
      value={value}
      onValue={onValue}
      hint={verdict.kind === 'empty' ? texts.passwordHint : words}
      error={insist && verdict.kind !== 'good' && verdict.kind !== 'unknown' ? words : undefined}
      praise={verdict.kind === 'good' ? words : undefined}
      below={
        <div
          role="meter"
          aria-label={texts.strength}
          aria-valuemin={0}
          aria-valuemax={4}
          aria-valuenow={parts}
          aria-valuetext={words}
          className={classNames(styles.meter, styles[`level${parts}`])}
        >
          {[1, 2, 3, 4].map((part) => (
            <span key={part} className={classNames(styles.part, part <= parts && styles.on)} />
          ))}
        </div>
      }
    />
  )
}

function verdictWords(texts: OnboardingTexts, verdict: PasswordVerdict): string {
  switch (verdict.kind) {
    case 'empty':
      return texts.passwordMissing
    case 'short':
      return texts.passwordShort(verdict.missing)
    case 'long':
      return texts.passwordLong
    case 'unknown':
      return texts.passwordJudging
    case 'weak':
      return `${verdict.advice === undefined ? texts.passwordWeak : texts.advice[verdict.advice]} ${texts.passwordTip}`
    case 'good':
      return verdict.score === 4 ? texts.passwordVeryGood : texts.passwordGood
  }
}
