import type { PersonView } from '@brieftaube/contract'
import { Seal } from '../chats/seal.tsx'
import { Avatar } from '../kit/avatar.tsx'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './contact-page.module.css'
import { contactTexts } from './texts.ts'

export interface PersonHeadProps {
  readonly person: PersonView
  readonly verified?: boolean | undefined
  readonly online?: boolean | undefined
}

/** Face, name and status in large. */
export function PersonHead({ person, verified, online }: PersonHeadProps) {
  const texts = useTexts(contactTexts)
  return (
    <header className={styles.head}>
      <Avatar
        name={person.displayName}
        seed={person.account}
        picture={person.picture}
        size={96}
        online={online}
      />
      <h3 className={styles.name}>
        <bdi>{person.displayName}</bdi>
        {verified === true && (
          <>
            {' '}
            <Seal />
            <VisuallyHidden> {texts.verified}</VisuallyHidden>
          </>
        )}
      </h3>
      <p className={styles.userName}>
        @{person.userName}
        {online === true && <span className={styles.online}> · {texts.online}</span>}
      </p>
      {person.statusText !== '' && (
        <p className={styles.status}>
          <bdi>{person.statusText}</bdi>
        </p>
      )}
    </header>
  )
}
