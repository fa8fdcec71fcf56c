import { useEffect, useState } from 'react'
import { classNames } from './class-names.ts'
import styles from './spinner.module.css'

export interface SpinnerProps {
  /** What is going on; shown after 2 s, known to assistive technology at once. */
  readonly label: string
  /** In the middle of its pane. */
  readonly centered?: boolean | undefined
  /** Milliseconds until the words appear. */
  readonly wordsAfterMs?: number | undefined
}

/** Turns, and says what for when it takes longer. */
export function Spinner({ label, centered, wordsAfterMs = 2000 }: SpinnerProps) {
  const [worded, setWorded] = useState(wordsAfterMs === 0)
  useEffect(() => {
    const timer = setTimeout(() => setWorded(true), wordsAfterMs)
    return () => clearTimeout(timer)
  }, [wordsAfterMs])
  return (
    <div role="status" className={classNames(styles.spinner, centered === true && styles.centered)}>
      <span className={styles.ring} aria-hidden="true" />
      <span className={worded ? styles.words : styles.unseen}>{label}</span>
    </div>
  )
}
