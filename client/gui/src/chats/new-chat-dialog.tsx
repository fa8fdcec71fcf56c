import { UserPlus, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { navigate } from '../app/router.ts'
import { useCommand } from '../core/use-command.ts'
import { useView } from '../core/use-view.ts'
import { Avatar } from '../kit/avatar.tsx'
import { Banner } from '../kit/banner.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { ListRow } from '../kit/list-row.tsx'
import { SearchField } from '../kit/search-field.tsx'
import { failureText } from '../texts/errors.ts'
import { matches } from '../texts/fold.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import type { AccountId } from './ids.ts'
import { acceptedContacts } from './people.ts'
import { Seal } from './seal.tsx'
import styles from './dialogs.module.css'
import { chatTexts } from './texts.ts'

export interface NewChatDialogProps {
  readonly onClose: () => void
  readonly onGroup: () => void
}

/** Whom to write to. */
export function NewChatDialog({ onClose, onGroup }: NewChatDialogProps) {
  const texts = useTexts(chatTexts)
  const { language } = useSpeech()
  const contacts = acceptedContacts(useView('contacts') ?? [])
  const [search, setSearch] = useState('')
  const open = useCommand('openDirect')
  const found = contacts.filter((contact) => matches(search, contact.displayName, contact.userName))

  async function choose(account: AccountId): Promise<void> {
    if (open.running) return
    const outcome = await open.run({ account })
    if (outcome.kind === 'failed') return
    onClose()
    navigate({ kind: 'chats', conversation: outcome.reply.conversation, details: false })
  }

  function toContacts(): void {
    onClose()
    navigate('/contacts')
  }

  return (
    <Dialog title={texts.newChat.title} closeLabel={texts.newChat.close} onClose={onClose}>
      {contacts.length === 0 ? (
        <EmptyState
          icon={<UserPlus />}
          title={texts.newChat.none}
          actions={
            <Button variant="primary" onClick={toContacts}>
              {texts.newChat.addContact}
            </Button>
          }
        >
          {texts.newChat.noneHint}
        </EmptyState>
      ) : (
        <div className={styles.tall}>
          <SearchField
            autoFocus
            label={texts.newChat.search}
            clearLabel={texts.list.clearSearch}
            value={search}
            onValue={setSearch}
          />
          {open.failure !== undefined && (
            <Banner tone="danger" announce>
              {failureText(language, open.failure)}
            </Banner>
          )}
          <ul className={styles.rows}>
            {search === '' && (
              <>
                <li>
                  <ListRow
                    leading={<Sign icon={<UsersRound />} />}
                    title={texts.newChat.group}
                    onClick={onGroup}
                  />
                </li>
                <li>
                  <ListRow
                    leading={<Sign icon={<UserPlus />} />}
                    title={texts.newChat.addContact}
                    onClick={toContacts}
                  />
                </li>
              </>
            )}
            {found.map((contact) => (
              <li key={contact.account}>
                <ListRow
                  leading={
                    <Avatar
                      size={40}
                      name={contact.displayName}
                      seed={contact.account}
                      picture={contact.picture}
                      online={contact.online}
                    />
                  }
                  title={<bdi>{contact.displayName}</bdi>}
                  titleEnd={contact.verified && <Seal />}
                  subtitle={`@${contact.userName}`}
                  onClick={() => void choose(contact.account)}
                />
              </li>
            ))}
          </ul>
          {found.length === 0 && <p className={styles.nobody}>{texts.newChat.nobody(search.trim())}</p>}
        </div>
      )}
    </Dialog>
  )
}

function Sign({ icon }: { readonly icon: React.ReactNode }) {
  return (
    <span className={styles.sign} aria-hidden="true">
      {icon}
    </span>
  )
}
