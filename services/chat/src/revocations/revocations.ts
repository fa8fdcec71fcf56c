/**
 * Follows the auth service's feed: tokens and sockets of what ended die at once, then a revoked device loses its key
 * packages, its Welcomes and its say in every conversation. A row counts as done only after all of that.
 */
import { decodeNotice, type Notice } from '@brieftaube/group-policy'
import {
  decodeBase64Url,
  limits,
  revocationsHint,
  type DeviceId,
  type Revocation,
} from '@brieftaube/protocol'
import { conversationsOfDevice } from '../conversations/group-store.ts'
import { appendNotice } from '../conversations/append-notice.ts'
import { inTransaction } from '../database.ts'
import type { ChatDeps } from '../deps.ts'
import {
  devicesOfAccount,
  markRevoked,
  recentRevocations,
  retireDevices,
  revocationCursor,
} from './revocation-store.ts'

export interface Revocations extends AsyncDisposable {
  /** Resolves when everything that the feed had is acted on. */
  poll(): Promise<void>
}

export async function startRevocations(parts: {
  deps: ChatDeps
  read: (after: number) => Promise<readonly Revocation[]>
  /** The set of what ended grew. */
  onChange: () => void
}): Promise<Revocations> {
  const { deps, read, onChange } = parts
  deps.revoked.add(await recentRevocations(deps.pool))
  let cursor = await revocationCursor(deps.pool)
  const ahead = new Set<number>()

  const pull = async (): Promise<void> => {
    let failure: unknown
    for (let rows = await read(cursor); rows.length > 0; rows = await read(rows.at(-1)?.id ?? cursor)) {
      deps.revoked.add(rows)
      onChange()
      for (const row of rows) {
        try {
          // one that cannot be carried out now keeps the cursor, not the others
          if (!ahead.has(row.id)) await act(deps, row, failure === undefined ? row.id : cursor)
          if (failure === undefined) cursor = row.id
          else ahead.add(row.id)
        } catch (error) {
          failure ??= error
        }
      }
    }
    if (failure !== undefined) throw new Error('a revocation is not carried out yet', { cause: failure })
    ahead.clear()
  }
  let running: Promise<void> | undefined
  const pollOnce = (): Promise<void> => (running ??= pull().finally(() => (running = undefined)))
  const poll = async (): Promise<void> => {
    // a pull that runs already may have read the feed before the caller's row was there
    await running?.catch(() => undefined)
    await pollOnce()
  }
  const background = (): void => {
    pollOnce().catch((error: unknown) => deps.log.warn('revocations not read', { error }))
  }
  const hint = await deps.cache.subscribe(revocationsHint, background)
  const timer = setInterval(background, limits.revocationPollMs)
  timer.unref()
  await pollOnce().catch((error: unknown) => deps.log.warn('revocations not read', { error }))
  return {
    poll,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await hint[Symbol.asyncDispose]()
      await running?.catch(() => undefined)
    },
  }
}

async function act(deps: ChatDeps, row: Revocation, cursor: number): Promise<void> {
  if (row.kind === 'device-revoked' && row.device !== undefined) await retire(deps, row, [row.device])
  if (row.kind === 'account-disabled') await retire(deps, row, await devicesOfAccount(deps.pool, row.account))
  await inTransaction(deps.pool, (db) => markRevoked(db, row, cursor))
}

async function retire(deps: ChatDeps, row: Revocation, devices: readonly DeviceId[]): Promise<void> {
  await inTransaction(deps.pool, (db) => retireDevices(db, devices, row.account))
  const notice = noticeOf(row)
  if (notice === undefined) return
  for (const conversation of await conversationsOfDevice(deps.pool, notice.device)) {
    const outcome = await appendNotice(deps, conversation, notice)
    if (outcome.kind === 'refused') deps.log.warn('notice not written', { code: outcome.reason })
  }
}

/** Only a statement that the account signed can justify a removal to the other members. */
function noticeOf(row: Revocation): Extract<Notice, { kind: 'device-revoked' }> | undefined {
  if (row.statement === undefined) return undefined
  try {
    const notice = decodeNotice(decodeBase64Url(row.statement))
    return notice.kind === 'device-revoked' && notice.device === row.device ? notice : undefined
  } catch {
    return undefined
  }
}
