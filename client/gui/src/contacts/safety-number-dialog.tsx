import type { ContactView } from '@brieftaube/contract'
import { useEffect, useState } from 'react'
import { useAct } from '../app/use-act.ts'
import { useCore } from '../core/core-context.ts'
import { attempt } from '../core/use-command.ts'
import { useAnnouncer } from '../kit/announcer.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import styles from './contact-page.module.css'
import { digitGroups } from './sections.ts'
import { contactTexts } from './texts.ts'

export interface SafetyNumberDialogProps {
  readonly contact: ContactView
  readonly onClose: () => void
}

/** Sixty digits that both see; equal digits mean that nobody is in between. */
export function SafetyNumberDialog({ contact, onClose }: SafetyNumberDialogProps) {
  const texts = useTexts(contactTexts)
  const { client } = useCore()
  const { language } = useSpeech()
  const act = useAct()
  const { toast } = useAnnouncer()
  const [digits, setDigits] = useState<string>()
  const [failure, setFailure] = useState<string>()
  const { account, displayName, verified } = contact

  useEffect(() => {
    let current = true
    void attempt(client.call('safetyNumber', { account })).then((outcome) => {
      if (!current) return
      if (outcome.kind === 'done') setDigits(outcome.reply.digits)
      else setFailure(failureText(language, outcome.failure))
    })
    return () => {
      current = false
    }
  }, [client, account, language])

  async function mark(next: boolean): Promise<void> {
    const outcome = await act('setVerified', { account, verified: next })
    if (outcome.kind === 'failed') return
    toast({ text: next ? texts.nowVerified(displayName) : texts.noLongerVerified(displayName) })
    onClose()
  }

  return (
    <Dialog
      title={texts.safetyTitle}
      closeLabel={texts.close}
      onClose={onClose}
      footer={
        verified ? (
          <Button fullWidth onClick={() => void mark(false)}>
            {texts.safetyRemove}
          </Button>
        ) : (
          <Button variant="primary" fullWidth disabled={digits === undefined} onClick={() => void mark(true)}>
            {texts.safetySame}
          </Button>
        )
      }
    >
      <div className={styles.form}>
        <p className={styles.soft}>{texts.safetyText(displayName)}</p>
        {failure !== undefined ? (
          <p role="alert">{failure}</p>
        ) : digits === undefined ? (
          <Spinner centered label={texts.safetyLoading} />
        ) : (
          <p className={styles.digits} translate="no">
            {digitGroups(digits).map((group, index) => (
              <span key={index}>{group} </span>
            ))}
          </p>
        )}
        <p className={styles.hint}>{texts.safetyDifferent(displayName)}</p>
      </div>
    </Dialog>
  )
}
