import { LogOut, ShieldQuestion } from 'lucide-react'
import { useRef, useState, type SubmitEvent } from 'react'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Box, BoxButton, BoxLine } from '../kit/box.tsx'
import { PasswordField } from '../kit/password-field.tsx'
import { NewPasswordField } from '../onboarding/new-password-field.tsx'
import { SubmitButton } from '../onboarding/submit-button.tsx'
import { onboardingTexts } from '../onboarding/texts.ts'
import { useFirstError } from '../onboarding/use-first-error.ts'
import { useNewPassword } from '../onboarding/use-new-password.ts'
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
  const showFirstError = useFirstError(form)
  const [oldPassword, setOldPassword] = useState('')
  const [insist, setInsist] = useState(false)
  const userName = session?.kind === 'signed-in' ? session.userName : ''
  const newPassword = useNewPassword([userName])
  const busy = change.running || newPassword.judging
  const wrong = change.failure?.code === 'wrong-credentials'

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (busy) return
    setInsist(true)
    const verdict = await newPassword.judge()
    if (oldPassword === '' || verdict.kind !== 'good') {
      showFirstError()
      return
    }
    const outcome = await change.run({ oldPassword, newPassword: newPassword.value })
    if (outcome.kind === 'failed') {
      showFirstError()
      return
    }
    setOldPassword('')
    newPassword.change('')
    setInsist(false)
    toast({ text: texts.passwordChanged })
  }

  return (
    <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
      <FailureBanner failure={wrong ? undefined : change.failure} />
      {newPassword.unjudged && <FailureBanner text={shared.passwordUnjudged} />}
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
      <NewPasswordField label={texts.newPassword} password={newPassword} insist={insist} />
      <SubmitButton
        label={texts.changePassword}
        running={busy}
        progress={newPassword.judging ? [shared.passwordJudging] : texts.changing}
      />
    </form>
  )
}
