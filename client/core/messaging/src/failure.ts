/** Where every failure becomes the `CommandError` that a window can show. */
import { CommandError, type Failure } from '@brieftaube/contract'
import { ProtocolError } from '@brieftaube/protocol'
import { OfflineError } from '@brieftaube/server'
import { StorageError } from '@brieftaube/storage'
import { NotSignedInError, UnknownConversationError, type Log } from './core.ts'

export function fail(code: Failure['code'], message: string): never {
  throw new CommandError({ code, message })
}

export function failureOf(thrown: unknown, log: Log): Failure {
  if (thrown instanceof CommandError)
    return { code: thrown.code, message: thrown.message, ...retry(thrown.retryAfterMs) }
  if (thrown instanceof ProtocolError)
    return { code: thrown.code, message: thrown.message, ...retry(thrown.retryAfterMs) }
  if (thrown instanceof OfflineError) return { code: 'offline', message: 'no connection' }
  if (thrown instanceof NotSignedInError) return { code: 'not-signed-in', message: 'nobody is signed in' }
  if (thrown instanceof UnknownConversationError)
    return { code: 'unknown-conversation', message: 'no such conversation' }
  if (thrown instanceof StorageError) return storageFailure(thrown)
  log('command-failed', { reason: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'unknown' })
  return { code: 'internal', message: 'something unexpected went wrong' }
}

function storageFailure({ code, message }: StorageError): Failure {
  switch (code) {
    case 'storage-full':
    case 'storage-lost':
    case 'storage-newer':
      return { code, message }
    case 'storage-damaged':
    case 'storage-failed':
    case 'storage-closed':
      return { code: 'storage-failed', message }
  }
}

function retry(retryAfterMs: number | undefined): { retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs }
}

/** Whether the request may have arrived: the same bytes must be sent again before anything else is decided. */
export function isUncertain(thrown: unknown): boolean {
  if (thrown instanceof OfflineError) return true
  return (
    thrown instanceof ProtocolError &&
    ['busy', 'unavailable', 'internal', 'unauthenticated', 'log-restored'].includes(thrown.code)
  )
}
