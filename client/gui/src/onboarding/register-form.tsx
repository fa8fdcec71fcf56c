import { limits } from '@brieftaube/contract'
import { PartyPopper } from 'lucide-react'
import { useState } from 'react'
import { useCommand } from '../core/use-command.ts'
import { Banner } from '../kit/banner.tsx'
import { TextField } from '../kit/text-field.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { AccountForm } from './account-form.tsx'
import { deviceNameOf } from './device-name.ts'
import { NewPasswordField } from './new-password-field.tsx'
import { onboardingTexts } from './texts.ts'
import { useNewPassword } from './use-new-password.ts'
import { UserNameField } from './user-name-field.tsx'
import { suggestUserName, userNameProblem } from './user-name.ts'

export interface RegisterFormProps {
  readonly inviteCode: string | undefined
  readonly onLogIn: () => void
}

/** A name, a user name that follows from it, a password: nothing more is asked. */
export function RegisterForm({ inviteCode, onLogIn }: RegisterFormProps) {
  const texts = useTexts(onboardingTexts)
  const register = useCommand('register')
  const [displayName, setDisplayName] = useState('')
  const [typedName, setTypedName] = useState<string>()
  const [insist, setInsist] = useState(false)
  const [taken, setTaken] = useState<string>()
  const userName = typedName ?? suggestUserName(displayName)
  const problem = userNameProblem(userName)
  const password = useNewPassword([displayName, userName])

  async function submit(): Promise<boolean> {
    setInsist(true)
    const verdict = await password.judge()
    if (displayName.trim() === '' || problem !== undefined || verdict.kind !== 'good') return false
    const outcome = await register.run({
      userName,
      displayName: displayName.trim(),
      password: password.value,
      invite: inviteCode,
      deviceName: deviceNameOf(navigator.userAgent),
    })
    const isTaken = outcome.kind === 'failed' && outcome.failure.code === 'name-taken'
    if (isTaken) setTaken(userName)
    return !isTaken
  }

  // Some problems are still to be typed away, others are not.
  const isEarly = typedName !== undefined && (problem === 'characters' || problem === 'long')
  const problemText =
    problem !== undefined && (insist || isEarly) ? texts.userNameProblems[problem] : undefined

  return (
    <AccountForm
      head={{ title: texts.registerTitle, lead: texts.registerText, step: { current: 1, of: 2 } }}
      failure={register.failure?.code === 'name-taken' ? undefined : register.failure}
      newPassword={password}
      button={{ label: texts.createAccount, running: register.running, progress: texts.registering }}
      ways={[{ label: texts.haveAccount, onPress: onLogIn }]}
      onSubmit={submit}
    >
      {inviteCode !== undefined && (
        <Banner tone="success" icon={<PartyPopper />}>
          {texts.invited}
        </Banner>
      )}
      <TextField
        label={texts.displayName}
        name="name"
        autoComplete="name"
        autoFocus
        maxLength={limits.displayNameMaxChars}
        value={displayName}
        onValue={setDisplayName}
        hint={texts.displayNameHint}
        error={insist && displayName.trim() === '' ? texts.displayNameMissing : undefined}
      />
      <UserNameField
        value={userName}
        onValue={setTypedName}
        hint={texts.userNameHint}
        error={taken === userName && taken !== '' ? texts.userNameTaken(userName) : problemText}
      />
      <NewPasswordField label={texts.password} password={password} insist={insist} />
    </AccountForm>
  )
}
