import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './box.module.css'

/** A titled group of lines on a card. */
export function Box({
  title,
  note,
  children,
}: {
  readonly title?: string
  readonly note?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className={styles.section}>
      {title !== undefined && <h3 className={styles.title}>{title}</h3>}
      <div className={styles.box}>{children}</div>
      {note !== undefined && <p className={styles.note}>{note}</p>}
    </section>
  )
}

export interface BoxLineProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  readonly icon?: ReactNode
  /** What stands at the end: a value, a control. On a narrow window it moves below the words. */
  readonly end?: ReactNode
  readonly stacked?: boolean | undefined
}

/** A line of a box that only shows. */
export function BoxLine({ label, hint, icon, end, stacked }: BoxLineProps) {
  return (
    <div className={classNames(styles.line, stacked === true && styles.stacked)}>
      {icon}
      <div className={styles.words}>
        <div>{label}</div>
        {hint !== undefined && <div className={styles.hint}>{hint}</div>}
      </div>
      {end}
    </div>
  )
}

export interface BoxButtonProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly icon?: ReactNode
  readonly danger?: boolean | undefined
  readonly onPress: () => void
}

/** A line of a box that does something. */
export function BoxButton({ label, hint, icon, danger, onPress }: BoxButtonProps) {
  return (
    <button
      type="button"
      className={classNames(styles.line, styles.button, danger === true && styles.danger)}
      onClick={onPress}
    >
      {icon}
      <span className={styles.words}>
        <span>{label}</span>
        {hint !== undefined && <span className={styles.hint}>{hint}</span>}
      </span>
    </button>
  )
}

/** Scrolls a column of boxes in the middle of its pane. */
export function BoxColumn({ children }: { readonly children: ReactNode }) {
  return (
    // Focusable, so that the keyboard can scroll a column without anything to press.
    <div className={styles.scroll} tabIndex={0}>
      <div className={styles.column}>{children}</div>
    </div>
  )
}
