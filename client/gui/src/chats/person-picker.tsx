import type { PersonView } from '@brieftaube/contract'
import { Check, X } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../kit/avatar.tsx'
import { SearchField } from '../kit/search-field.tsx'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { matches } from '../texts/fold.ts'
import { useTexts } from '../texts/use-texts.ts'
import type { AccountId } from './ids.ts'
import styles from './person-picker.module.css'
import { chatTexts } from './texts.ts'

export interface PersonPickerProps {
  readonly people: readonly PersonView[]
  readonly chosen: readonly AccountId[]
  readonly onChosen: (chosen: readonly AccountId[]) => void
}

/** Several people out of a list: the chosen ones as chips on top, the list with check boxes below. */
export function PersonPicker({ people, chosen, onChosen }: PersonPickerProps) {
  const texts = useTexts(chatTexts)
  const [search, setSearch] = useState('')
  const found = people.filter((person) => matches(search, person.displayName, person.userName))
  const picked = chosen.flatMap((account) => people.find((person) => person.account === account) ?? [])

  function toggle(account: AccountId): void {
    onChosen(chosen.includes(account) ? chosen.filter((each) => each !== account) : [...chosen, account])
  }

  return (
    <div className={styles.picker}>
      <SearchField
        label={texts.newChat.search}
        clearLabel={texts.list.clearSearch}
        value={search}
        onValue={setSearch}
      />
      {picked.length > 0 && (
        <ul className={styles.chips} aria-label={texts.newGroup.chosen(picked.length)}>
          {picked.map((person) => (
            <li key={person.account}>
              <button type="button" className={styles.chip} onClick={() => toggle(person.account)}>
                <span className={styles.chipFace}>
                  <Avatar
                    size={24}
                    name={person.displayName}
                    seed={person.account}
                    picture={person.picture}
                  />
                  <bdi className={styles.chipName}>{person.displayName}</bdi>
                  <VisuallyHidden>{texts.newGroup.remove}</VisuallyHidden>
                  <X aria-hidden="true" />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul className={styles.list} aria-label={texts.newChat.contacts}>
        {found.map((person) => (
          <li key={person.account}>
            <label className={styles.person}>
              <Avatar size={40} name={person.displayName} seed={person.account} picture={person.picture} />
              <span className={styles.words}>
                <bdi className={styles.name}>{person.displayName}</bdi>
                <span className={styles.userName}>@{person.userName}</span>
              </span>
              <input
                type="checkbox"
                className={styles.box}
                checked={chosen.includes(person.account)}
                onChange={() => toggle(person.account)}
              />
              <span className={styles.mark} aria-hidden="true">
                <Check />
              </span>
            </label>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={styles.nobody}>{texts.newChat.nobody(search.trim())}</p>}
    </div>
  )
}
