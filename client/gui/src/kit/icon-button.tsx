import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './icon-button.module.css'

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'disabled'> {
  /** The accessible name, shown as tooltip too. */
  readonly label: string
  readonly icon: ReactNode
  readonly tone?: 'plain' | 'solid' | 'danger' | undefined
  readonly disabled?: boolean | undefined
}

/** A round button with an icon, 44 px. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, tone = 'plain', disabled, className, onClick, ...rest } = props

  function press(event: MouseEvent<HTMLButtonElement>): void {
    if (disabled === true) event.preventDefault()
    else onClick?.(event)
  }

  return (
    <button
      type="button"
      {...rest}
      onClick={press}
      aria-label={label}
      data-tooltip={label}
      aria-disabled={disabled === true || undefined}
      className={classNames(styles.button, styles[tone], className)}
    >
      {icon}
    </button>
  )
}
