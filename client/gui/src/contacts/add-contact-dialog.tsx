import { useState, type SubmitEvent } from 'react'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { TextField } from '../kit/text-field.tsx'
import { typedUserName } from '../onboarding/user-name.ts'
import { useTexts } from '../texts/use-texts.ts'
import styles from './contact-page.module.css'
import { contactTexts } from './texts.ts'

export interface AddContactDialogProps {
  readonly onClose: () => void
  readonly onFind: (userName: string) => void
}

/** Asks for the exact user name; the person's page does the rest. */
export function AddContactDialog({ onClose, onFind }: AddContactDialogProps) {
  const texts = useTexts(contactTexts)
  const [userName, setUserName] = useState('')
  const [insist, setInsist] = useState(false)

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    setInsist(true)
    if (userName !== '') onFind(userName)
  }

  return (
    <Dialog title={texts.addTitle} closeLabel={texts.close} onClose={onClose}>
      <form className={styles.form} noValidate onSubmit={submit}>
        <p className={styles.soft}>{texts.addText}</p>
        <TextField
          label={texts.userName}
          name="contact"
          prefix="@"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={userName}
          onValue={(value) => setUserName(typedUserName(value))}
          error={insist && userName === '' ? texts.userNameMissing : undefined}
        />
        <Button type="submit" variant="primary" fullWidth>
          {texts.find}
        </Button>
      </form>
    </Dialog>
  )
}
