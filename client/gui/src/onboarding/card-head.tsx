import { useEffect, useRef } from 'react'
import { Pigeon } from '../app/pigeon.tsx'
import { classNames } from '../kit/class-names.ts'
import { VisuallyHidden } from '../kit/visually-hidden.tsx'
import { useTexts } from '../texts/use-texts.ts'
import styles from './card.module.css'
import { onboardingTexts } from './texts.ts'

export interface CardHeadProps {
  readonly title: string
  readonly lead: string
  readonly step?: { readonly current: number; readonly of: number } | undefined
  /** Puts the focus on the title, so that a new step is read from its beginning. */
  readonly focusTitle?: boolean | undefined
}

export function CardHead({ title, lead, step, focusTitle }: CardHeadProps) {
  const texts = useTexts(onboardingTexts)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (focusTitle === true) heading.current?.focus()
  }, [focusTitle])
  return (
    <header className={styles.head}>
      <span className={styles.mark}>
        <Pigeon size={44} />
      </span>
      {step !== undefined && (
        <p className={styles.steps}>
          {Array.from({ length: step.of }, (_, index) => (
            <span
              key={index}
              aria-hidden="true"
              className={classNames(styles.step, index < step.current && styles.done)}
            />
          ))}
          <VisuallyHidden>{texts.stepOf(step.current, step.of)}</VisuallyHidden>
        </p>
      )}
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {title}
      </h1>
      <p className={styles.lead}>{lead}</p>
    </header>
  )
}
