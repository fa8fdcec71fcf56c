import { TextField } from '../kit/text-field.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { onboardingTexts } from './texts.ts'
import { typedUserName } from './user-name.ts'

export interface UserNameFieldProps {
  readonly value: string
  /** In the form that user names have. */
  readonly onValue: (value: string) => void
  readonly error: string | undefined
  readonly hint?: string | undefined
  readonly autoFocus?: boolean | undefined
}

export function UserNameField({ onValue, ...props }: UserNameFieldProps) {
  const texts = useTexts(onboardingTexts)
  return (
    <TextField
      {...props}
      label={texts.userName}
      name="username"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      prefix="@"
      onValue={(value) => onValue(typedUserName(value))}
    />
  )
}
