import { equalBytes, limits, ProtocolError, type deviceEnrol as route } from '@brieftaube/protocol'
import type { Handler, PoolClient } from '@brieftaube/service-kit'
import { lockAccount } from '../account-store.ts'
import { cleanName } from '../clean-name.ts'
import type { AuthDeps } from '../deps.ts'
import { findDevice, insertDevice, listDevices, type NewDevice } from '../device-store.ts'
import { checkLogin } from '../enrolment.ts'
import { openSession, sessionReply } from '../sessions.ts'
import { checkCertificate } from '../signatures.ts'

/** A device that is enrolled already (its session ended, it logged in again) gets a new session under the same id. */
export const deviceEnrol: Handler<typeof route, AuthDeps> = async ({ caller, body, setHeader }, deps) => {
  const now = deps.now()
  const name = cleanName(body.name)
  const opened = await deps.db.transaction(async (db) => {
    const account = checkLogin(caller, await lockAccount(db, caller.account))
    const {
      device: id,
      deviceKey,
      certificate,
    } = checkCertificate({ account: account.id, accountKey: account.accountKey }, body)
    await claimLogin(deps, caller.tokenId, id)
    await enrol(db, { id, account: account.id, deviceKey, certificate, name, createdAt: now })
    return openSession(db, { account: account.id, device: id, role: account.role }, now)
  })
  deps.revocations.announce(opened.ended)
  return sessionReply(deps.issuer, opened, setHeader)
}

/** A login enrols one device; the same one again is a retry. */
async function claimLogin({ cache }: AuthDeps, tokenId: string, device: string): Promise<void> {
  const key = `auth:enrolled:${tokenId}`
  if (await cache.putIfAbsent(key, device, limits.enrolmentTokenMs)) return
  if ((await cache.get(key)) !== device)
    throw new ProtocolError('unauthenticated', 'The login has been used.')
}

async function enrol(db: PoolClient, device: NewDevice): Promise<void> {
  const known = await findDevice(db, device.id)
  if (known !== undefined) {
    const same =
      known.account === device.account &&
      known.revokedAt === undefined &&
      equalBytes(known.deviceKey, device.deviceKey) &&
      equalBytes(known.certificate, device.certificate)
    if (!same) throw new ProtocolError('conflict', 'This device id is in use.')
    return
  }
  if ((await listDevices(db, device.account)).length >= limits.devicesPerAccount) {
    throw new ProtocolError('quota-exceeded', `At most ${limits.devicesPerAccount} devices.`)
  }
  if (!(await insertDevice(db, device))) throw new ProtocolError('conflict', 'This device id is in use.')
}
