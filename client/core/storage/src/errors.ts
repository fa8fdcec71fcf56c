/** What can go wrong with storage; only the code decides what a caller does. */

/**
 * storage-full: the quota is used up, nothing of the commit was written · storage-lost: the browser has removed the
 * database or its key · storage-newer: written by a newer version · storage-damaged: a record does not open ·
 * storage-failed: anything else · storage-closed: used after close, or opened again
 * elsewhere since: only who opened last writes.
 */
export type StorageErrorCode =
  'storage-full' | 'storage-lost' | 'storage-newer' | 'storage-damaged' | 'storage-failed' | 'storage-closed'

export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
