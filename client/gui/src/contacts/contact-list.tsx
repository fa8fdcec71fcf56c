import type { AccountId, ContactState, ContactView } from '@brieftaube/contract'
import { QrCode, Search, UserPlus, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { navigate } from '../app/router.ts'
import { pathOf } from '../app/routes.ts'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { IconButton } from '../kit/icon-button.tsx'
import { ListRow } from '../kit/list-row.tsx'
import { PaneHeader } from '../kit/pane-header.tsx'
import { SearchField } from '../kit/search-field.tsx'
import { Spinner } from '../kit/spinner.tsx'
import { typedUserName, userNameProblem } from '../onboarding/user-name.ts'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import { ContactRow } from './contact-row.tsx'
import styles from './contact-list.module.css'
import { contactSections } from './sections.ts'
import { contactTexts, type ContactTexts } from './texts.ts'

export interface ContactListProps {
  readonly contacts: readonly ContactView[] | undefined
  readonly current: AccountId | undefined
  readonly onAdd: () => void
  readonly onOwnLink: () => void
}

export function ContactList({ contacts, current, onAdd, onOwnLink }: ContactListProps) {
  const texts = useTexts(contactTexts)
  const [query, setQuery] = useState('')
  return (
    <>
      <PaneHeader
        level={1}
        title={texts.title}
        actions={
          <>
            <IconButton label={texts.ownLink} icon={<QrCode />} onClick={onOwnLink} />
            <IconButton label={texts.add} icon={<UserPlus />} onClick={onAdd} />
          </>
        }
      />
      <SearchField
        label={texts.search}
        clearLabel={texts.clear}
        className={styles.search}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={query}
        onValue={setQuery}
      />
      <div className={styles.scroll}>
        {contacts === undefined ? (
          <Spinner centered label={texts.loading} />
        ) : contacts.length === 0 && query === '' ? (
          <Nobody onAdd={onAdd} onOwnLink={onOwnLink} />
        ) : (
          <Sections contacts={contacts} query={query} current={current} />
        )}
      </div>
    </>
  )
}

function Nobody({ onAdd, onOwnLink }: Pick<ContactListProps, 'onAdd' | 'onOwnLink'>) {
  const texts = useTexts(contactTexts)
  return (
    <EmptyState
      icon={<UsersRound />}
      title={texts.emptyTitle}
      actions={
        <>
          <Button variant="primary" icon={<UserPlus />} onClick={onAdd}>
            {texts.add}
          </Button>
          <Button icon={<QrCode />} onClick={onOwnLink}>
            {texts.ownLink}
          </Button>
        </>
      }
    >
      {texts.emptyText}
    </EmptyState>
  )
}

interface SectionsProps {
  readonly contacts: readonly ContactView[]
  readonly query: string
  readonly current: AccountId | undefined
}

function Sections({ contacts, query, current }: SectionsProps) {
  const texts = useTexts(contactTexts)
  const { language } = useSpeech()
  const sections = contactSections(contacts, query, language)
  const userName = typedUserName(query)
  const known = contacts.some((contact) => contact.userName === userName)
  const offerServer = userNameProblem(userName) === undefined && !known
  return (
    <>
      {sections.length === 0 && <p className={styles.none}>{texts.nobodyMatches}</p>}
      {sections.map((section) => (
        <section
          key={section.state}
          className={styles.section}
          aria-label={sectionName(texts, section.state)}
        >
          <h3 className={styles.heading}>
            {sectionName(texts, section.state)}
            <span className={styles.count}>{section.contacts.length}</span>
          </h3>
          <ul>
            {section.contacts.map((contact) => (
              <li key={contact.account}>
                <ContactRow contact={contact} current={contact.account === current} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {offerServer && (
        <ListRow
          leading={
            <span className={styles.icon}>
              <Search aria-hidden="true" />
            </span>
          }
          title={texts.searchServer(userName)}
          subtitle={texts.searchServerHint}
          onClick={() => navigate(pathOf({ kind: 'person', userName }))}
        />
      )}
    </>
  )
}

function sectionName(texts: ContactTexts, state: ContactState): string {
  switch (state) {
    case 'incoming':
      return texts.requests
    case 'accepted':
      return texts.people
    case 'outgoing':
      return texts.asked
    case 'blocked':
      return texts.blocked
  }
}
