import { Sparkles } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTexts } from '../texts/use-texts.ts'
import styles from './connection-banner.module.css'
import { appTexts } from './texts.ts'
import { takeUpdate, watchUpdate } from './update.ts'

/** Offers a new version; drafts are stored, so nothing is lost by taking it. */
export function UpdateBanner() {
  const texts = useTexts(appTexts)
  const [waiting, setWaiting] = useState(false)
  useEffect(() => watchUpdate(setWaiting), [])
  if (!waiting) return undefined
  return (
    <div role="status" className={styles.banner}>
      <Sparkles aria-hidden="true" />
      <p className={styles.words}>{texts.newVersion}</p>
      <button type="button" className={styles.action} onClick={takeUpdate}>
        {texts.reload}
      </button>
    </div>
  )
}
