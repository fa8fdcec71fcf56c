import { limits } from '@brieftaube/contract'
import { PartyPopper } from 'lucide-react'
import { useRef, useState, type SubmitEvent } from 'react'
import { useCommand } from '../core/use-command.ts'
import { Banner } from '../kit/banner.tsx'
import { Button } from '../kit/button.tsx'
import { TextField } from '../kit/text-field.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { CardHead } from './card-head.tsx'
import styles from './card.module.css'
import { deviceNameOf } from './device-name.ts'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { focusFirstError } from './focus-first-error.ts'
import { NewPasswordField, usePasswordVerdict } from './new-password-field.tsx'
import { loadEstimator, judgePassword } from './password-strength.ts'
import { SubmitButton } from './submit-button.tsx'
import { onboardingTexts } from './texts.ts'
import { suggestUserName, typedUserName, userNameProblem } from './user-name.ts'

export interface RegisterFormProps {
  readonly inviteCode: string | undefined
  readonly onLogIn: () => void
}

/** A name, a user name that follows from it, a password: nothing more is asked. */
export function RegisterForm({ inviteCode, onLogIn }: RegisterFormProps) {
  const texts = useTexts(onboardingTexts)
  const register = useCommand('register')
  const form = useRef<HTMLFormElement>(null)
  const [displayName, setDisplayName] = useState('')
  const [typedName, setTypedName] = useState<string>()
  const [password, setPassword] = useState('')
  const [insist, setInsist] = useState(false)
  const [taken, setTaken] = useState<string>()
  const [unjudged, setUnjudged] = useState(false)
  const userName = typedName ?? suggestUserName(displayName)
  const problem = userNameProblem(userName)
  const personal = [displayName, userName]
  const verdict = usePasswordVerdict(password, personal)

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (register.running) return
    setInsist(true)
    setUnjudged(false)
    const final = await judgeNow(password, personal)
    if (final === undefined) {
      setUnjudged(true)
      return
    }
    if (displayName.trim() === '' || problem !== undefined || final.kind !== 'good') {
      focusFirstError(form.current)
      return
    }
    const outcome = await register.run({
      userName,
      displayName: displayName.trim(),
      password,
      invite: inviteCode,
      deviceName: deviceNameOf(navigator.userAgent),
    })
    if (outcome.kind === 'failed' && outcome.failure.code === 'name-taken') {
      setTaken(userName)
      focusFirstError(form.current)
    }
  }

  const userNameError =
    taken === userName && taken !== ''
      ? texts.userNameTaken(userName)
      : problem !== undefined &&
          (insist || (typedName !== undefined && (problem === 'characters' || problem === 'long')))
        ? texts.userNameProblems[problem]
        : undefined

  return (
    <>
      <CardHead title={texts.registerTitle} lead={texts.registerText} step={{ current: 1, of: 2 }} />
      <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        {inviteCode !== undefined && (
          <Banner tone="success" icon={<PartyPopper />}>
            {texts.invited}
          </Banner>
        )}
        <FailureBanner failure={register.failure?.code === 'name-taken' ? undefined : register.failure} />
        {unjudged && <FailureBanner text={texts.passwordUnjudged} />}
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
        <TextField
          label={texts.userName}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          prefix="@"
          value={userName}
          onValue={(value) => setTypedName(typedUserName(value))}
          hint={texts.userNameHint}
          error={userNameError}
        />
        <NewPasswordField
          label={texts.password}
          value={password}
          onValue={setPassword}
          verdict={verdict}
          insist={insist}
        />
        <div className={styles.actions}>
          <SubmitButton label={texts.createAccount} running={register.running} progress={texts.registering} />
          <Button variant="quiet" fullWidth disabled={register.running} onClick={onLogIn}>
            {texts.haveAccount}
          </Button>
        </div>
      </form>
    </>
  )
}

/** Waits for the estimator, however fast somebody presses Enter; undefined when it cannot be loaded. */
async function judgeNow(password: string, personal: readonly string[]) {
  try {
    const estimate = await loadEstimator()
    return judgePassword(password, password === '' ? undefined : estimate(password, personal))
  } catch {
    return undefined
  }
}
