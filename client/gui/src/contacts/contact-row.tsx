import type { ContactView } from '@brieftaube/contract'
import type { ReactNode } from 'react'
import { pathOf } from '../app/routes.ts'
import { Seal } from '../chats/seal.tsx'
import { Avatar } from '../kit/avatar.tsx'
import { Button } from '../kit/button.tsx'
import { ListRow } from '../kit/list-row.tsx'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './contact-list.module.css'
import { contactTexts, type ContactTexts } from './texts.ts'
import { useContactActions } from './use-contact-actions.ts'

/** A person in the list; a request carries its answers. */
export function ContactRow({
  contact,
  current,
}: {
  readonly contact: ContactView
  readonly current: boolean
}) {
  const texts = useTexts(contactTexts)
  const row = (
    <ListRow
      href={pathOf({ kind: 'contacts', account: contact.account })}
      current={current}
      leading={
        <Avatar
          name={contact.displayName}
          seed={contact.account}
          picture={contact.picture}
          online={contact.online}
        />
      }
      title={<bdi>{contact.displayName}</bdi>}
      titleEnd={
        contact.verified && (
          <>
            <Seal />
            <VisuallyHidden>{texts.verified}</VisuallyHidden>
          </>
        )
      }
      subtitle={subtitleOf(texts, contact)}
    />
  )
  if (contact.state !== 'incoming') return row
  return (
    <div className={styles.request}>
      {row}
      <Answers contact={contact} />
    </div>
  )
}

function Answers({ contact }: { readonly contact: ContactView }) {
  const texts = useTexts(contactTexts)
  const actions = useContactActions(contact)
  return (
    <div className={styles.answers}>
      <Button
        variant="primary"
        busy={actions.running === 'accept'}
        aria-label={texts.acceptNamed(contact.displayName)}
        onClick={() => void actions.accept()}
      >
        {texts.accept}
      </Button>
      <Button
        busy={actions.running === 'decline'}
        aria-label={texts.declineNamed(contact.displayName)}
        onClick={() => void actions.decline()}
      >
        {texts.decline}
      </Button>
    </div>
  )
}

function subtitleOf(texts: ContactTexts, contact: ContactView): ReactNode {
  if (contact.keyChanged) return <span className={styles.warning}>{texts.keyChangedShort}</span>
  switch (contact.state) {
    case 'incoming':
      return texts.incomingShort
    case 'outgoing':
      return texts.outgoingShort
    case 'blocked':
      return `@${contact.userName}`
    case 'accepted':
      return contact.statusText === '' ? (
        <>
          @{contact.userName}
          {contact.online && <VisuallyHidden> · {texts.online}</VisuallyHidden>}
        </>
      ) : (
        <bdi>{contact.statusText}</bdi>
      )
  }
}
