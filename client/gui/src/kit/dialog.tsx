import { X } from 'lucide-react'
import { useEffectEvent, useId, useLayoutEffect, useRef, type ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { IconButton } from './icon-button.tsx'
import styles from './dialog.module.css'

export interface DialogProps {
  readonly title: string
  readonly closeLabel: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons, the one that acts last. */
  readonly footer?: ReactNode
  readonly size?: 'small' | 'medium' | 'large' | undefined
  /** Much to read and little to press: the keyboard can scroll it. */
  readonly scrolls?: boolean | undefined
  /** Draws no header of its own; the title stays for assistive technology. */
  readonly bare?: boolean | undefined
  readonly className?: string | undefined
}

/**
 * A native modal dialog, open while it is mounted. Esc and a press beside it close it; the focus returns to where it
 * came from. It begins at `data-autofocus`, else in the first text field, else on the dialog as a whole.
 */
export function Dialog(props: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const close = useEffectEvent(props.onClose)

  useLayoutEffect(() => {
    const element = dialog.current
    if (element === null) return
    const before = document.activeElement
    element.showModal()
    firstFocus(element).focus()
    function cancel(event: Event): void {
      if (event.target !== element) return
      event.preventDefault()
      close()
    }
    element.addEventListener('cancel', cancel)
    return () => {
      element.removeEventListener('cancel', cancel)
      element.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])

  return (
    <dialog
      ref={dialog}
      className={classNames(styles.dialog, styles[props.size ?? 'small'], props.className)}
      aria-labelledby={titleId}
      tabIndex={-1}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) props.onClose()
      }}
    >
      <div className={styles.sheet}>
        <header className={props.bare === true ? styles.hidden : styles.header}>
          <h2 id={titleId} className={styles.title}>
            {props.title}
          </h2>
          {props.bare !== true && (
            <IconButton label={props.closeLabel} icon={<X />} onClick={props.onClose} />
          )}
        </header>
        <div
          className={props.bare === true ? styles.bareBody : styles.body}
          tabIndex={props.scrolls === true ? 0 : undefined}
        >
          {props.children}
        </div>
        {props.footer !== undefined && <footer className={styles.footer}>{props.footer}</footer>}
      </div>
    </dialog>
  )
}

/** React's own `autoFocus` comes too early here: before the dialog is shown. */
function firstFocus(dialog: HTMLDialogElement): HTMLElement {
  return (
    dialog.querySelector<HTMLElement>('[data-autofocus]') ??
    dialog.querySelector<HTMLElement>('input:not([type=hidden], [type=file], [type=range]), textarea') ??
    dialog
  )
}
