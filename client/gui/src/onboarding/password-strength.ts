/** How hard a password is to guess. The estimator and its dictionaries are loaded when they are first needed. */
import { limits } from '@brieftaube/contract'

/** 0 (guessed at once) to 4 (very hard). */
type Score = 0 | 1 | 2 | 3 | 4

export type PasswordVerdict =
  | { readonly kind: 'empty' }
  | { readonly kind: 'short'; readonly missing: number }
  | { readonly kind: 'long' }
  | { readonly kind: 'weak'; readonly score: Score; readonly advice: Advice | undefined }
  | { readonly kind: 'good'; readonly score: Score }
  /** Long enough, and the estimator is not loaded yet. */
  | { readonly kind: 'unknown' }

export type Advice = 'common' | 'names' | 'dates' | 'repeats' | 'sequences' | 'pattern' | 'personal'

export interface Estimate {
  readonly score: Score
  readonly advice: Advice | undefined
}

/** Less than this is refused. */
const NEEDED: Score = 3

export function judgePassword(password: string, estimate: Estimate | undefined): PasswordVerdict {
  if (password === '') return { kind: 'empty' }
  const length = [...password].length
  if (length < limits.passwordMinChars) return { kind: 'short', missing: limits.passwordMinChars - length }
  if (length > limits.passwordMaxChars) return { kind: 'long' }
  if (estimate === undefined) return { kind: 'unknown' }
  if (estimate.score < NEEDED) return { kind: 'weak', ...estimate }
  return { kind: 'good', score: estimate.score }
}

/** Filled parts of the meter, 0 to 4; short ones stay below the first good one. */
export function meterParts(verdict: PasswordVerdict): number {
  switch (verdict.kind) {
    case 'empty':
    case 'unknown':
      return 0
    case 'short':
    case 'long':
      return 1
    case 'weak':
      return Math.max(1, verdict.score)
    case 'good':
      return verdict.score
  }
}

export type Estimator = (password: string, personal: readonly string[]) => Estimate

let loading: Promise<Estimator> | undefined

/** The same estimator each time; a failed download is tried again. */
export function loadEstimator(): Promise<Estimator> {
  loading ??= import('./password-estimator.ts').then(
    (module) => module.makeEstimator(),
    (error: unknown) => {
      loading = undefined
      throw error
    },
  )
  return loading
}
