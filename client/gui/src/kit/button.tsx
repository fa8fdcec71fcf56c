import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './button.module.css'

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly variant?: 'primary' | 'secondary' | 'quiet' | 'danger' | undefined
  readonly icon?: ReactNode
  readonly fullWidth?: boolean | undefined
  /** Keeps its focus and place while something runs; presses do nothing. */
  readonly busy?: boolean | undefined
  readonly disabled?: boolean | undefined
}

/** A button with words. `disabled` keeps it focusable, so that a keyboard never loses its place. */
export function Button(props: ButtonProps) {
  const {
    variant = 'secondary',
    icon,
    fullWidth,
    busy,
    disabled,
    className,
    children,
    onClick,
    ...rest
  } = props
  const inert = busy === true || disabled === true

  function press(event: MouseEvent<HTMLButtonElement>): void {
    if (inert) event.preventDefault()
    else onClick?.(event)
  }

  return (
    <button
      type="button"
      {...rest}
      onClick={press}
      aria-disabled={inert || undefined}
      aria-busy={busy === true || undefined}
      className={classNames(styles.button, styles[variant], fullWidth === true && styles.full, className)}
    >
      {busy === true ? <span className={styles.ring} aria-hidden="true" /> : icon}
      <span className={styles.words}>{children}</span>
    </button>
  )
}
