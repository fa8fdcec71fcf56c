import { Spinner } from '../kit/spinner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './opening.module.css'
import { Pigeon } from './pigeon.tsx'
import { appTexts } from './texts.ts'

/** Until the core has said whether somebody is signed in. */
export function Opening() {
  const texts = useTexts(appTexts)
  return (
    <main className={styles.opening}>
      <span className={styles.mark}>
        <Pigeon size={64} />
      </span>
      <div className={styles.unseen}>
        <h1>Brieftaube</h1>
      </div>
      <Spinner label={texts.opening} />
    </main>
  )
}
