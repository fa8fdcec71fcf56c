/** From whatever a command threw to the one form that crosses a thread. */
import type { Failure } from '@brieftaube/contract'

/** Errors that carry a code keep it; the unknown becomes "internal" without detail. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return { code: 'internal', message: 'Something went wrong here.' }
  }
  const retryAfterMs =
    'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined
  const failure = { code: error.code as Failure['code'], message: error.message }
  return retryAfterMs === undefined ? failure : { ...failure, retryAfterMs }
}
