/** A device goes for good: its row, its session and the feed in one transaction. */
import { ProtocolError, type AccountId, type DeviceId } from '@brieftaube/protocol'
import { lockAccount } from './account-store.ts'
import type { AuthDeps } from './deps.ts'
import { findDevice, markRevoked } from './device-store.ts'
import { insertRevocations } from './revocation-store.ts'
import { endSessionsOfDevices } from './session-store.ts'
import { checkRevocation } from './signatures.ts'

/** Again for a device that is revoked already: nothing happens. Throws `not-found` for foreign and unknown devices. */
export async function revokeDevice(
  deps: AuthDeps,
  wish: { account: AccountId; device: DeviceId; statement: string },
): Promise<void> {
  const { account, device } = wish
  const at = deps.now()
  const rows = await deps.db.transaction(async (db) => {
    const owner = await lockAccount(db, account)
    const found = await findDevice(db, device)
    if (owner === undefined || found?.account !== account) {
      throw new ProtocolError('not-found', 'There is no such device.')
    }
    const statement = checkRevocation({ account, device, accountKey: owner.accountKey }, wish.statement)
    if (!(await markRevoked(db, account, device, at))) return []
    await endSessionsOfDevices(db, [device], at)
    return insertRevocations(db, [{ kind: 'device-revoked', account, device, at, statement }])
  })
  deps.revocations.announce(rows)
}
