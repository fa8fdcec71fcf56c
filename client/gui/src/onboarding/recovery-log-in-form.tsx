import { useRef, useState, type SubmitEvent } from 'react'
import { useCommand } from '../core/use-command.ts'
import { Button } from '../kit/button.tsx'
import { Switch } from '../kit/switch.tsx'
import { TextField } from '../kit/text-field.tsx'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { CardHead } from './card-head.tsx'
import styles from './card.module.css'
import { deviceNameOf } from './device-name.ts'
import { focusFirstError } from './focus-first-error.ts'
import { NewPasswordField, usePasswordVerdict } from './new-password-field.tsx'
import { formatRecoveryKey } from './recovery-key.ts'
import { SubmitButton } from './submit-button.tsx'
import { onboardingTexts } from './texts.ts'
import { typedUserName } from './user-name.ts'

/** For who has forgotten the password: the recovery key, and then a new one. */
export function RecoveryLogInForm({ onBack }: { readonly onBack: () => void }) {
  const texts = useTexts(onboardingTexts)
  const logIn = useCommand('logInWithRecoveryKey')
  const form = useRef<HTMLFormElement>(null)
  const [userName, setUserName] = useState('')
  const [recoveryKey, setRecoveryKey] = useState('')
  const [renew, setRenew] = useState(true)
  const [password, setPassword] = useState('')
  const [insist, setInsist] = useState(false)
  const verdict = usePasswordVerdict(password, [userName])

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (logIn.running) return
    setInsist(true)
    if (userName === '' || recoveryKey === '' || (renew && verdict.kind !== 'good')) {
      focusFirstError(form.current)
      return
    }
    await logIn.run({
      userName,
      recoveryKey,
      newPassword: renew ? password : undefined,
      deviceName: deviceNameOf(navigator.userAgent),
    })
  }

  return (
    <>
      <CardHead title={texts.recoverTitle} lead={texts.recoverText} />
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
        <TextField
          label={texts.recoveryKey}
          name="recovery-key"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          className={styles.key}
          placeholder="XXXX-XXXX-XXXX-…"
          value={recoveryKey}
          onValue={(value) => setRecoveryKey(formatRecoveryKey(value))}
          error={insist && recoveryKey === '' ? texts.recoveryKeyMissing : undefined}
        />
        <div className={styles.box}>
          <Switch
            label={texts.setNewPassword}
            hint={texts.setNewPasswordHint}
            checked={renew}
            onChecked={setRenew}
          />
        </div>
        {renew && (
          <NewPasswordField
            label={texts.newPassword}
            value={password}
            onValue={setPassword}
            verdict={verdict}
            insist={insist}
          />
        )}
        <div className={styles.actions}>
          <SubmitButton label={texts.logIn} running={logIn.running} progress={texts.loggingIn} />
          <Button variant="quiet" fullWidth disabled={logIn.running} onClick={onBack}>
            {texts.back}
          </Button>
        </div>
      </form>
    </>
  )
}
