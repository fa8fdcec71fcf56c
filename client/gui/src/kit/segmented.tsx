import { useId, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './segmented.module.css'

interface SegmentedOption<Value extends string> {
  readonly value: Value
  readonly label: ReactNode
  /** When the visible label is not words. */
  readonly name?: string | undefined
}

export interface SegmentedProps<Value extends string> {
  readonly label: string
  readonly options: readonly SegmentedOption<Value>[]
  readonly value: Value
  readonly onValue: (value: Value) => void
  readonly className?: string | undefined
}

/** One of a few, all visible; radio buttons underneath, so arrow keys work. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const name = useId()
  return (
    <fieldset className={classNames(styles.group, props.className)} aria-label={props.label}>
      {props.options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            name={name}
            className={styles.radio}
            checked={option.value === props.value}
            aria-label={option.name}
            onChange={() => props.onValue(option.value)}
          />
          <span className={styles.face}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  )
}
