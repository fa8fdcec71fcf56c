import type { AccountId } from '@brieftaube/contract'
import { useState } from 'react'
import { AreaPanes } from '../app/area-panes.tsx'
import { navigate } from '../app/router.ts'
import { useView } from '../core/use-view.ts'
import { Spinner } from '../kit/spinner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { AddContactDialog } from './add-contact-dialog.tsx'
import { ContactList } from './contact-list.tsx'
import { ContactPage } from './contact-page.tsx'
import { OwnLink, OwnLinkDialog } from './own-link.tsx'
import { PersonPage } from './person-page.tsx'
import { contactTexts } from './texts.ts'

export interface ContactsAreaProps {
  readonly account: AccountId | undefined
  /** Somebody's own link was opened. */
  readonly userName: string | undefined
}

/** The list of contacts and the page of one. */
export function ContactsArea({ account, userName }: ContactsAreaProps) {
  const texts = useTexts(contactTexts)
  const contacts = useView('contacts')
  const [dialog, setDialog] = useState<'add' | 'own-link'>()
  const close = (): void => setDialog(undefined)
  const main =
    userName !== undefined ? (
      <PersonPage key={userName} userName={userName} contacts={contacts} />
    ) : account !== undefined ? (
      contacts === undefined ? (
        <Spinner centered label={texts.loading} />
      ) : (
        <ContactPage key={account} contact={contacts.find((each) => each.account === account)} />
      )
    ) : (
      <OwnLink />
    )
  return (
    <>
      <AreaPanes
        list={
          <ContactList
            contacts={contacts}
            current={account}
            onAdd={() => setDialog('add')}
            onOwnLink={() => setDialog('own-link')}
          />
        }
        main={main}
        front={account === undefined && userName === undefined ? 'list' : 'main'}
        labels={{ list: texts.listName, main: texts.pageName }}
      />
      {dialog === 'add' && (
        <AddContactDialog
          onClose={close}
          onFind={(name) => {
            close()
            navigate({ kind: 'person', userName: name })
          }}
        />
      )}
      {dialog === 'own-link' && <OwnLinkDialog onClose={close} />}
    </>
  )
}
