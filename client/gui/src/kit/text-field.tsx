import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './field.module.css'

export interface TextFieldProps extends Omit<
  ComponentProps<'input'>,
  'onChange' | 'value' | 'id' | 'prefix'
> {
  readonly label: string
  readonly value: string
  readonly onValue: (value: string) => void
  readonly hint?: ReactNode
  /** What is wrong, in words; read out when it appears. */
  readonly error?: string | undefined
  /** What is right, in words ("Noch frei"). */
  readonly praise?: string | undefined
  /** Stands inside the field before the text, for example "@". */
  readonly prefix?: string | undefined
  /** A button inside the field at its end. */
  readonly end?: ReactNode
  /** Below the field, before hint and error (a strength meter). */
  readonly below?: ReactNode
}

/** A labelled line of text with hint and error. */
export function TextField(props: TextFieldProps) {
  const { label, value, onValue, hint, error, praise, prefix, end, below, className, ...rest } = props
  const id = useId()
  return (
    <div className={classNames(styles.field, className)}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <div className={classNames(styles.box, error !== undefined && styles.wrong)}>
        {prefix !== undefined && (
          <span className={styles.prefix} aria-hidden="true">
            {prefix}
          </span>
        )}
        <input
          {...rest}
          id={id}
          className={styles.input}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={`${id}-note`}
        />
        {end}
      </div>
      {below}
      <div id={`${id}-note`} className={styles.note} aria-live="polite">
        {error !== undefined ? (
          <p className={styles.error}>{error}</p>
        ) : praise !== undefined ? (
          <p className={styles.praise}>{praise}</p>
        ) : hint !== undefined ? (
          <p>{hint}</p>
        ) : undefined}
      </div>
    </div>
  )
}
