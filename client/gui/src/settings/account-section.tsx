import { LogOut, ShieldQuestion } from 'lucide-react'
import { useRef, useState, type SubmitEvent } from 'react'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Box, BoxButton, BoxLine } from '../kit/box.tsx'
import { PasswordField } from '../kit/password-field.tsx'
import { focusFirstError } from '../onboarding/focus-first-error.ts'
import { NewPasswordField, usePasswordVerdict } from '../onboarding/new-password-field.tsx'
import { SubmitButton } from '../onboarding/submit-button.tsx'
import { onboardingTexts } from '../onboarding/texts.ts'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { LogOutDialog } from './log-out-dialog.tsx'
import styles from './settings.module.css'
import { settingsTexts } from './texts.ts'

export function AccountSection() {
  const texts = useTexts(settingsTexts)
  const [leaving, setLeaving] = useState(false)
  return (
    <>
      <Box title={texts.password} note={texts.passwordHint}>
        <PasswordForm />
      </Box>
      <Box title={texts.recovery}>
        <BoxLine
          icon={<ShieldQuestion aria-hidden="true" />}
          label={texts.recoveryTitle}
          hint={texts.recoveryText}
        />
      </Box>
      <Box title={texts.leaving}>
        <BoxButton
          danger
          icon={<LogOut aria-hidden="true" />}
          label={texts.logOut}
          hint={texts.logOutHint}
          onPress={() => setLeaving(true)}
        />
      </Box>
      {leaving && <LogOutDialog onClose={() => setLeaving(false)} />}
    </>
  )
}

function PasswordForm() {
  const texts = useTexts(settingsTexts)
  const shared = useTexts(onboardingTexts)
  const session = useView('session')
  const { toast } = useAnnouncer()
  const change = useCommand('changePassword')
  const form = useRef<HTMLFormElement>(null)
  const [oldPassword, setOldPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [insist, setInsist] = useState(false)
  const userName = session?.kind === 'signed-in' ? session.userName : ''
  const verdict = usePasswordVerdict(newPassword, [userName])
  const wrong = change.failure?.code === 'wrong-credentials'

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (change.running) return
    setInsist(true)
    if (oldPassword === '' || verdict.kind !== 'good') {
      focusFirstError(form.current)
      return
    }
    const outcome = await change.run({ oldPassword, newPassword })
    if (outcome.kind === 'failed') {
      focusFirstError(form.current)
      return
    }
    setOldPassword('')
    setNewPassword('')
    setInsist(false)
    toast({ text: texts.passwordChanged })
  }

  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <FailureBanner failure={wrong ? undefined : change.failure} />
      {/* Lets a password manager know whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={userName} readOnly hidden />
      <PasswordField
        label={texts.oldPassword}
        name="old-password"
        autoComplete="current-password"
        showLabel={shared.showPassword}
        hideLabel={shared.hidePassword}
        value={oldPassword}
        onValue={(value) => {
          setOldPassword(value)
          if (wrong) change.forget()
        }}
        error={
          wrong ? texts.oldPasswordWrong : insist && oldPassword === '' ? texts.oldPasswordMissing : undefined
        }
      />
      <NewPasswordField
        label={texts.newPassword}
        value={newPassword}
        onValue={setNewPassword}
        verdict={verdict}
        insist={insist}
      />
      <SubmitButton label={texts.changePassword} running={change.running} progress={texts.changing} />
    </form>
  )
}
