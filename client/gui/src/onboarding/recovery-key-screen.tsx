import { Check, Copy, Download, Printer } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { useCommand } from '../core/use-command.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Button } from '../kit/button.tsx'
import { TextField } from '../kit/text-field.tsx'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { CardHead } from './card-head.tsx'
import cardStyles from './card.module.css'
import { recoveryKeyGroups, typedLastCharacters } from './recovery-key.ts'
import styles from './recovery-key-screen.module.css'
import { saveText } from './save-text.ts'
import { SubmitButton } from './submit-button.tsx'
import { onboardingTexts } from './texts.ts'

export interface RecoveryKeyScreenProps {
  readonly userName: string
  readonly recoveryKey: string
}

/** Shows the recovery key, then hides it and asks for its end: only who has kept it goes on. */
export function RecoveryKeyScreen(props: RecoveryKeyScreenProps) {
  const [checking, setChecking] = useState(false)
  return checking ? (
    <Check4 onShowAgain={() => setChecking(false)} />
  ) : (
    <Show {...props} onKept={() => setChecking(true)} />
  )
}

function Show({ userName, recoveryKey, onKept }: RecoveryKeyScreenProps & { readonly onKept: () => void }) {
  const texts = useTexts(onboardingTexts)
  const { toast } = useAnnouncer()
  const [copied, setCopied] = useState(false)

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(recoveryKey)
      setCopied(true)
      toast({ text: texts.copied })
    } catch {
      toast({ text: texts.copyFailed, tone: 'danger' })
    }
  }

  return (
    <>
      <CardHead title={texts.keyTitle} lead={texts.keyText} step={{ current: 2, of: 2 }} focusTitle />
      <p
        className={styles.key}
        role="group"
        aria-label={texts.keyName}
        translate="no"
        data-recovery-key={recoveryKey}
      >
        {recoveryKeyGroups(recoveryKey).map((group, index) => (
          <span key={index} className={styles.group}>
            {group}
          </span>
        ))}
      </p>
      <p className={styles.printed}>
        {location.host} · @{userName}
      </p>
      <div className={styles.tools}>
        <Button
          icon={<Download />}
          onClick={() => {
            saveText(texts.fileName(userName), texts.file(userName, location.host, recoveryKey))
            toast({ text: texts.downloaded })
          }}
        >
          {texts.download}
        </Button>
        <Button icon={<Printer />} onClick={() => window.print()}>
          {texts.print}
        </Button>
        <Button icon={copied ? <Check /> : <Copy />} onClick={() => void copy()}>
          {texts.copy}
        </Button>
      </div>
      <Button variant="primary" fullWidth onClick={onKept}>
        {texts.kept}
      </Button>
    </>
  )
}

function Check4({ onShowAgain }: { readonly onShowAgain: () => void }) {
  const texts = useTexts(onboardingTexts)
  const confirm = useCommand('confirmRecoveryKey')
  const [typed, setTyped] = useState('')
  const [insist, setInsist] = useState(false)
  const wrong = confirm.failure?.code === 'wrong-recovery-key'

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (confirm.running) return
    setInsist(true)
    if (typed.length === 4) await confirm.run({ lastCharacters: typed })
  }

  return (
    <>
      <CardHead title={texts.checkTitle} lead={texts.checkText} step={{ current: 2, of: 2 }} />
      <form className={cardStyles.form} noValidate onSubmit={(event) => void submit(event)}>
        <FailureBanner failure={wrong ? undefined : confirm.failure} />
        <TextField
          label={texts.lastCharacters}
          name="last-characters"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
          className={styles.four}
          value={typed}
          onValue={(value) => {
            setTyped(typedLastCharacters(value))
            confirm.forget()
          }}
          hint={texts.lastCharactersHint}
          error={
            wrong
              ? texts.lastCharactersWrong
              : insist && typed.length < 4
                ? texts.lastCharactersMissing
                : undefined
          }
        />
        <div className={cardStyles.actions}>
          <SubmitButton label={texts.finish} running={confirm.running} progress={texts.finishing} />
          <Button variant="quiet" fullWidth disabled={confirm.running} onClick={onShowAgain}>
            {texts.showAgain}
          </Button>
        </div>
      </form>
    </>
  )
}
