import type { Failure } from '@brieftaube/contract'
import { useRef, type ReactNode, type SubmitEvent } from 'react'
import { Button } from '../kit/button.tsx'
import { FailureBanner } from '../texts/failure-banner.tsx'
import { useTexts } from '../texts/use-texts.ts'
import { CardHead, type CardHeadProps } from './card-head.tsx'
import styles from './card.module.css'
import { SubmitButton, type SubmitButtonProps } from './submit-button.tsx'
import { onboardingTexts } from './texts.ts'
import { useFirstError } from './use-first-error.ts'
import type { NewPassword } from './use-new-password.ts'

export interface AccountFormProps {
  readonly head: CardHeadProps
  readonly button: SubmitButtonProps
  /** Of the last try. */
  readonly failure: Failure | undefined
  /** One that is being chosen here: its judgement is part of the work. */
  readonly newPassword?: NewPassword | undefined
  /** Other ways to go, below the button. */
  readonly ways: readonly { readonly label: string; readonly onPress: () => void }[]
  /** `false`: something in the form is wrong, and the focus goes there. */
  readonly onSubmit: () => Promise<boolean>
  readonly children: ReactNode
}

/** What registering and both ways to log in have in common: head, failure, fields, button, other ways. */
export function AccountForm({
  head,
  button,
  failure,
  newPassword,
  ways,
  onSubmit,
  children,
}: AccountFormProps) {
  const texts = useTexts(onboardingTexts)
  const form = useRef<HTMLFormElement>(null)
  const showFirstError = useFirstError(form)
  const underway = useRef(false)
  const judging = newPassword?.judging === true

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (underway.current) return
    underway.current = true
    const fine = await onSubmit()
    underway.current = false
    if (!fine) showFirstError()
  }

  return (
    <>
      <CardHead {...head} />
      <form ref={form} className={styles.form} noValidate onSubmit={(event) => void submit(event)}>
        <FailureBanner failure={failure} />
        {newPassword?.unjudged === true && <FailureBanner text={texts.passwordUnjudged} />}
        {children}
        <div className={styles.actions}>
          <SubmitButton
            {...(judging ? { ...button, running: true, progress: [texts.passwordJudging] } : button)}
          />
          {ways.map((way) => (
            <Button
              key={way.label}
              variant="quiet"
              fullWidth
              disabled={button.running || judging}
              onClick={way.onPress}
            >
              {way.label}
            </Button>
          ))}
        </div>
      </form>
    </>
  )
}
