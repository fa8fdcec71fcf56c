import { useRef, useState, type SubmitEvent } from 'react'
import { useCommand } from '../core/use-command.ts'
import { Button } from '../kit/button.tsx'
import { PasswordField } from '../kit/password-field.tsx'
import { TextField } from '../kit/text-field.tsx'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { CardHead } from './card-head.tsx'
import styles from './card.module.css'
import { deviceNameOf } from './device-name.ts'
import { focusFirstError } from './focus-first-error.ts'
import { SubmitButton } from './submit-button.tsx'
import { onboardingTexts } from './texts.ts'
import { typedUserName } from './user-name.ts'

export interface LogInFormProps {
  readonly onRecover: () => void
  readonly onBack: () => void
}

export function LogInForm({ onRecover, onBack }: LogInFormProps) {
  const texts = useTexts(onboardingTexts)
  const logIn = useCommand('logIn')
  const form = useRef<HTMLFormElement>(null)
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const [insist, setInsist] = useState(false)

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (logIn.running) return
    setInsist(true)
    if (userName === '' || password === '') {
      focusFirstError(form.current)
      return
    }
    await logIn.run({ userName, password, deviceName: deviceNameOf(navigator.userAgent) })
  }

  return (
    <>
      <CardHead title={texts.logInTitle} lead={texts.logInText} />
      <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        <FailureBanner failure={logIn.failure} />
        <TextField
          label={texts.userName}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          prefix="@"
          value={userName}
          onValue={(value) => setUserName(typedUserName(value))}
          error={insist && userName === '' ? texts.userNameMissing : undefined}
        />
        <PasswordField
          label={texts.password}
          name="password"
          autoComplete="current-password"
          showLabel={texts.showPassword}
          hideLabel={texts.hidePassword}
          value={password}
          onValue={setPassword}
          error={insist && password === '' ? texts.passwordNeeded : undefined}
        />
        <div className={styles.actions}>
          <SubmitButton label={texts.logIn} running={logIn.running} progress={texts.loggingIn} />
          <Button variant="quiet" fullWidth disabled={logIn.running} onClick={onRecover}>
            {texts.forgotPassword}
          </Button>
          <Button variant="quiet" fullWidth disabled={logIn.running} onClick={onBack}>
            {texts.back}
          </Button>
        </div>
      </form>
    </>
  )
}
