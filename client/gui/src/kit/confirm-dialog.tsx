import { useState, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export interface ConfirmDialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly confirmLabel: string
  readonly cancelLabel: string
  readonly closeLabel: string
  readonly danger?: boolean | undefined
  /** `true` closes it, `false` leaves it open for another try. */
  readonly onConfirm: () => Promise<boolean>
  readonly onClose: () => void
}

/** Asks before something that cannot be taken back; the way out has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [running, setRunning] = useState(false)

  async function confirm(): Promise<void> {
    setRunning(true)
    const done = await props.onConfirm()
    setRunning(false)
    if (done) props.onClose()
  }

  return (
    <Dialog
      title={props.title}
      closeLabel={props.closeLabel}
      onClose={props.onClose}
      footer={
        <>
          <Button data-autofocus onClick={props.onClose}>
            {props.cancelLabel}
          </Button>
          <Button
            variant={props.danger === true ? 'danger' : 'primary'}
            busy={running}
            onClick={() => void confirm()}
          >
            {props.confirmLabel}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  )
}
