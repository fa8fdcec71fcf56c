import { useState } from 'react'
import { useCommand } from '../core/use-command.ts'
import { PasswordField } from '../kit/password-field.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { AccountForm } from './account-form.tsx'
import { deviceNameOf } from './device-name.ts'
import { onboardingTexts } from './texts.ts'
import { UserNameField } from './user-name-field.tsx'

export interface LogInFormProps {
  readonly onRecover: () => void
  readonly onBack: () => void
}

export function LogInForm({ onRecover, onBack }: LogInFormProps) {
  const texts = useTexts(onboardingTexts)
  const logIn = useCommand('logIn')
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const [insist, setInsist] = useState(false)

  async function submit(): Promise<boolean> {
    setInsist(true)
    if (userName === '' || password === '') return false
    await logIn.run({ userName, password, deviceName: deviceNameOf(navigator.userAgent) })
    return true
  }

  return (
    <AccountForm
      head={{ title: texts.logInTitle, lead: texts.logInText }}
      failure={logIn.failure}
      button={{ label: texts.logIn, running: logIn.running, progress: texts.loggingIn }}
      ways={[
        { label: texts.forgotPassword, onPress: onRecover },
        { label: texts.back, onPress: onBack },
      ]}
      onSubmit={submit}
    >
      <UserNameField
        autoFocus
        value={userName}
        onValue={setUserName}
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
    </AccountForm>
  )
}
