import { Button } from '../kit/button.tsx'
import { useProgressWords } from './progress-words.ts'

export interface SubmitButtonProps {
  readonly label: string
  readonly running: boolean
  readonly progress: readonly string[]
}

/** Says what is going on while the form works. */
export function SubmitButton({ label, running, progress }: SubmitButtonProps) {
  const words = useProgressWords(running, progress)
  return (
    <Button type="submit" variant="primary" fullWidth busy={running}>
      <span aria-live="polite">{running ? words : label}</span>
    </Button>
  )
}
