import { useState } from 'react'
import { useCommand } from '../core/use-command.ts'
import { Switch } from '../kit/switch.tsx'
import { TextField } from '../kit/text-field.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { AccountForm } from './account-form.tsx'
import styles from './card.module.css'
import { deviceNameOf } from './device-name.ts'
import { NewPasswordField } from './new-password-field.tsx'
import { formatRecoveryKey } from './recovery-key.ts'
import { onboardingTexts } from './texts.ts'
import { useNewPassword } from './use-new-password.ts'
import { UserNameField } from './user-name-field.tsx'

/** For who has forgotten the password: the recovery key, and then a new one. */
export function RecoveryLogInForm({ onBack }: { readonly onBack: () => void }) {
  const texts = useTexts(onboardingTexts)
  const logIn = useCommand('logInWithRecoveryKey')
  const [userName, setUserName] = useState('')
  const [recoveryKey, setRecoveryKey] = useState('')
  const [renew, setRenew] = useState(true)
  const [insist, setInsist] = useState(false)
  const password = useNewPassword([userName])

  async function submit(): Promise<boolean> {
    setInsist(true)
    const isGood = !renew || (await password.judge()).kind === 'good'
    if (userName === '' || recoveryKey === '' || !isGood) return false
    await logIn.run({
      userName,
      recoveryKey,
      newPassword: renew ? password.value : undefined,
      deviceName: deviceNameOf(navigator.userAgent),
    })
    return true
  }

  return (
    <AccountForm
      head={{ title: texts.recoverTitle, lead: texts.recoverText }}
      failure={logIn.failure}
      newPassword={renew ? password : undefined}
      button={{ label: texts.logIn, running: logIn.running, progress: texts.loggingIn }}
      ways={[{ label: texts.back, onPress: onBack }]}
      onSubmit={submit}
    >
      <UserNameField
        autoFocus
        value={userName}
        onValue={setUserName}
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
      {renew && <NewPasswordField label={texts.newPassword} password={password} insist={insist} />}
    </AccountForm>
  )
}
