import { classNames } from '../kit/class-names.ts'
import { PasswordField } from '../kit/password-field.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './new-password-field.module.css'
import { meterParts, type PasswordVerdict } from './password-strength.ts'
import { onboardingTexts, type OnboardingTexts } from './texts.ts'
import type { NewPassword } from './use-new-password.ts'

export interface NewPasswordFieldProps {
  readonly label: string
  readonly password: NewPassword
  /** After a try to go on: what is missing becomes an error. */
  readonly insist: boolean
}

/** A password field with a meter that lives along. */
export function NewPasswordField({ label, password, insist }: NewPasswordFieldProps) {
  const texts = useTexts(onboardingTexts)
  const { value, verdict, change } = password
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
      onValue={change}
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
