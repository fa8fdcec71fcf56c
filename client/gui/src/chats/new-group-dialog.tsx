import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { navigate } from '../app/router.ts'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { Banner } from '../kit/banner.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { TextField } from '../kit/text-field.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import type { AccountId } from './ids.ts'
import { acceptedContacts } from './people.ts'
import { PersonPicker } from './person-picker.tsx'
import styles from './dialogs.module.css'
import { chatTexts } from './texts.ts'

const TITLE_MAX_CHARS = 64

/** A name and the people. */
export function NewGroupDialog({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const contacts = acceptedContacts(useView('contacts') ?? [])
  const [title, setTitle] = useState('')
  const [chosen, setChosen] = useState<readonly AccountId[]>([])
  const [tried, setTried] = useState(false)
  const create = useCommand('createGroup')

  async function submit(): Promise<void> {
    setTried(true)
    if (title.trim() === '' || chosen.length === 0 || create.running) return
    const outcome = await create.run({ title: title.trim(), members: [...chosen] })
    if (outcome.kind === 'failed') return
    onClose()
    navigate({ kind: 'chats', conversation: outcome.reply.conversation, details: false })
  }

  const problem =
    create.failure !== undefined
      ? failureText(language, create.failure)
      : tried && chosen.length === 0
        ? texts.newGroup.memberMissing
        : undefined
  return (
    <Dialog
      title={texts.newGroup.title}
      closeLabel={texts.newGroup.cancel}
      onClose={onClose}
      footer={
        contacts.length > 0 && (
          <>
            <Button onClick={onClose}>{texts.newGroup.cancel}</Button>
            <Button variant="primary" busy={create.running} onClick={() => void submit()}>
              {create.running ? texts.newGroup.creating : texts.newGroup.create}
            </Button>
          </>
        )
      }
    >
      {contacts.length === 0 ? (
        <EmptyState
          icon={<UserPlus />}
          title={texts.newChat.none}
          actions={
            <Button
              variant="primary"
              onClick={() => {
                onClose()
                navigate('/contacts')
              }}
            >
              {texts.newChat.addContact}
            </Button>
          }
        >
          {texts.newChat.noneHint}
        </EmptyState>
      ) : (
        <form
          className={styles.tall}
          onSubmit={(event) => {
            event.preventDefault()
            void submit()
          }}
        >
          <TextField
            autoFocus
            label={texts.newGroup.name}
            placeholder={texts.newGroup.namePlaceholder}
            maxLength={TITLE_MAX_CHARS}
            value={title}
            onValue={setTitle}
            error={tried && title.trim() === '' ? texts.newGroup.nameMissing : undefined}
          />
          {problem !== undefined && (
            <Banner tone="danger" announce>
              {problem}
            </Banner>
          )}
          <PersonPicker people={contacts} chosen={chosen} onChosen={setChosen} />
          <button type="submit" hidden />
        </form>
      )}
    </Dialog>
  )
}
