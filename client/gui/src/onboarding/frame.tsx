import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Pigeon } from '../app/pigeon.tsx'
import { useSettings } from '../app/settings-context.tsx'
import { classNames } from '../kit/class-names.ts'
import { Segmented } from '../kit/segmented.tsx'
import { useSpeech, useTexts } from '../texts/use-texts.ts'
import styles from './frame.module.css'
import { onboardingTexts } from './texts.ts'

export interface FrameProps {
  /** Says also on a phone what this is: for the first screen. */
  readonly hero?: boolean | undefined
  readonly children: ReactNode
}

/** The card in the middle, and beside it, where there is room, what this is. */
export function Frame({ hero, children }: FrameProps) {
  const texts = useTexts(onboardingTexts)
  const { language } = useSpeech()
  const { change } = useSettings()
  return (
    <div className={classNames(styles.frame, hero === true && styles.hero)}>
      <aside className={styles.brand} aria-label="Brieftaube">
        <span className={styles.flight} aria-hidden="true">
          <Pigeon size={520} />
        </span>
        <p className={styles.name}>
          <Pigeon size={40} /> Brieftaube
        </p>
        <p className={styles.motto}>{texts.motto}</p>
        <ul className={styles.promise}>
          {texts.promise.map((line) => (
            <li key={line}>
              <Check aria-hidden="true" /> {line}
            </li>
          ))}
        </ul>
      </aside>
      <div className={styles.side}>
        <main className={styles.card}>{children}</main>
        <footer className={styles.footer}>
          <Segmented
            label={texts.language}
            value={language}
            onValue={(value) => change({ language: value })}
            options={[
              { value: 'de', label: 'Deutsch' },
              { value: 'en', label: 'English' },
            ]}
          />
        </footer>
      </div>
    </div>
  )
}
