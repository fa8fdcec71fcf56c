import type { Failure } from '@brieftaube/contract'
import type { ReactNode } from 'react'
import type { Outcome } from '../core/use-command.ts'
import { Banner } from '../kit/banner.tsx'
import { Button } from '../kit/button.tsx'
import { Dialog } from '../kit/dialog.tsx'
import { failureText } from '../texts/errors.ts'
import { useSpeech } from '../texts/use-texts.ts'

export interface ConfirmDialogProps {
  readonly title: string
  readonly action: string
  readonly cancel: string
  readonly use: { readonly running: boolean; readonly failure: Failure | undefined }
  readonly run: () => Promise<Outcome<unknown>>
  /** `done` is whether it was carried out. */
  readonly onClose: (done: boolean) => void
  readonly children: ReactNode
}

/** Asks before something that cannot be taken back; a refusal is shown where it was asked. */
export function ConfirmDialog({ title, action, cancel, use, run, onClose, children }: ConfirmDialogProps) {
  const { language } = useSpeech()
  return (
    <Dialog
      title={title}
      closeLabel={cancel}
      onClose={() => onClose(false)}
      footer={
        <>
          <Button autoFocus onClick={() => onClose(false)}>
            {cancel}
          </Button>
          <Button
            variant="danger"
            busy={use.running}
            onClick={() =>
              void run().then((outcome) => {
                if (outcome.kind === 'done') onClose(true)
              })
            }
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
      {use.failure !== undefined && (
        <Banner tone="danger" announce>
          {failureText(language, use.failure)}
        </Banner>
      )}
    </Dialog>
  )
}
