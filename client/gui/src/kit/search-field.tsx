import { Search, X } from 'lucide-react'
import { useRef, type ComponentProps } from 'react'
import { classNames } from './class-names.ts'
import { IconButton } from './icon-button.tsx'
import styles from './search-field.module.css'

export interface SearchFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  readonly label: string
  readonly clearLabel: string
  readonly value: string
  readonly onValue: (value: string) => void
  /** A shortcut drawn at the end while the field is empty. */
  readonly shortcut?: string | undefined
}

/** A search line; Esc empties it. */
export function SearchField(props: SearchFieldProps) {
  const { label, clearLabel, value, onValue, shortcut, className, ...rest } = props
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className={classNames(styles.box, className)}>
      <Search aria-hidden="true" />
      <input
        {...rest}
        ref={input}
        type="search"
        className={styles.input}
        aria-label={label}
        placeholder={rest.placeholder ?? label}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={(event) => {
          rest.onKeyDown?.(event)
          if (event.key === 'Escape' && value !== '') {
            event.preventDefault()
            event.stopPropagation()
            onValue('')
          }
        }}
      />
      {value !== '' ? (
        <IconButton
          label={clearLabel}
          icon={<X />}
          className={styles.clear}
          onClick={() => {
            onValue('')
            input.current?.focus()
          }}
        />
      ) : (
        shortcut !== undefined && (
          <kbd className={styles.shortcut} aria-hidden="true">
            {shortcut}
          </kbd>
        )
      )}
    </div>
  )
}
