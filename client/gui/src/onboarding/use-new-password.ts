import { useEffect, useState } from 'react'
import { judgePassword, loadEstimator, type Estimate, type PasswordVerdict } from './password-strength.ts'

/** Typing is not held up by the estimator. */
const PAUSE_MS = 120

export interface NewPassword {
  readonly value: string
  readonly change: (value: string) => void
  /** Follows the typing; "unknown" until the estimator has spoken. */
  readonly verdict: PasswordVerdict
  /** While `judge` waits for the estimator. */
  readonly judging: boolean
  /** The estimator could not be loaded when it was needed. */
  readonly unjudged: boolean
  /** The final verdict, however fast somebody presses Enter; "unknown" only when the estimator cannot be loaded. */
  readonly judge: () => Promise<PasswordVerdict>
}

/** A password that is being chosen, and what is to be said about it. `personal`: words that are easy to guess here. */
export function useNewPassword(personal: readonly string[]): NewPassword {
  const [value, change] = useState('')
  const [judged, setJudged] = useState<{ readonly password: string; readonly estimate: Estimate }>()
  const [waiting, setWaiting] = useState<'judging' | 'unjudged'>()
  const personalKey = personal.join('\n')

  useEffect(() => {
    if (value === '') return
    let current = true
    const timer = setTimeout(() => {
      loadEstimator().then(
        (estimate) => {
          if (current) setJudged({ password: value, estimate: estimate(value, personalKey.split('\n')) })
        },
        () => undefined,
      )
    }, PAUSE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [value, personalKey])

  async function judge(): Promise<PasswordVerdict> {
    const known = judgePassword(value, undefined)
    if (known.kind !== 'unknown') return known
    setWaiting('judging')
    try {
      const estimate = (await loadEstimator())(value, personal)
      setJudged({ password: value, estimate })
      setWaiting(undefined)
      return judgePassword(value, estimate)
    } catch {
      setWaiting('unjudged')
      return known
    }
  }

  return {
    value,
    change,
    verdict: judgePassword(value, judged?.password === value ? judged.estimate : undefined),
    judging: waiting === 'judging',
    unjudged: waiting === 'unjudged',
    judge,
  }
}
