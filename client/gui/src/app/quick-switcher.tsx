import { Search, Settings } from 'lucide-react'
import { useId, useState, type KeyboardEvent } from 'react'
import { useView } from '../core/use-view.ts'
import { Avatar } from '../kit/avatar.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { settingsTexts } from '../settings/texts.ts'
import { useTexts } from '../texts/use-texts.ts'
import styles from './quick-switcher.module.css'
import { navigate } from './router.ts'
import { switcherResults, type SwitcherResult } from './switcher-results.ts'
import { appTexts } from './texts.ts'

/** Ctrl/Cmd+K: type a few letters, press Enter. A combobox over a list (WAI-ARIA Authoring Practices). */
export function QuickSwitcher({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(appTexts)
  const { sections } = useTexts(settingsTexts)
  const rows = useView('conversations') ?? []
  const contacts = useView('contacts') ?? []
  const [query, setQuery] = useState('')
  const [index, setIndex] = useState(0)
  const id = useId()
  const results = switcherResults({ rows, contacts, sections, unnamedGroup: texts.unnamedGroup }, query)
  const current = Math.min(index, results.length - 1)

  function open(result: SwitcherResult | undefined): void {
    if (result === undefined) return
    onClose()
    navigate(result.path)
  }

  function press(event: KeyboardEvent): void {
    const count = results.length
    if (event.key === 'Enter') open(results[current])
    else if (event.key === 'ArrowDown' && count > 0) setIndex((current + 1) % count)
    else if (event.key === 'ArrowUp' && count > 0) setIndex((current - 1 + count) % count)
    else return
    event.preventDefault()
  }

  return (
    <Dialog
      title={texts.switcherTitle}
      closeLabel={texts.close}
      onClose={onClose}
      size="medium"
      bare
      className={styles.dialog}
    >
      <div className={styles.search}>
        <Search aria-hidden="true" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={results[current] === undefined ? undefined : `${id}-${results[current].id}`}
          aria-label={texts.switcherPlaceholder}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={texts.switcherPlaceholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setIndex(0)
          }}
          onKeyDown={press}
        />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={texts.switcherTitle} className={styles.list}>
        {results.map((result, at) => (
          <li
            key={result.id}
            id={`${id}-${result.id}`}
            role="option"
            aria-selected={at === current}
            className={styles.result}
            ref={at === current ? keepInView : undefined}
            onPointerMove={() => setIndex(at)}
            onClick={() => open(result)}
          >
            {result.kind === 'settings' ? (
              <span className={styles.icon}>
                <Settings aria-hidden="true" />
              </span>
            ) : (
              <Avatar
                name={result.title}
                seed={result.seed}
                picture={result.picture}
                square={result.square}
                size={32}
              />
            )}
            <span className={styles.title}>
              <bdi>{result.title}</bdi>
            </span>
            <span className={styles.detail}>
              {result.detail === '' ? kindName(texts, result.kind) : result.detail}
            </span>
          </li>
        ))}
      </ul>
      <p className={styles.foot} role="status">
        {results.length === 0 ? texts.switcherEmpty : texts.switcherHint}
      </p>
    </Dialog>
  )
}

function keepInView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

function kindName(texts: (typeof appTexts)['de'], kind: SwitcherResult['kind']): string {
  switch (kind) {
    case 'chat':
      return texts.chatsHeading
    case 'contact':
      return texts.contactsHeading
    case 'settings':
      return texts.settingsHeading
  }
}
