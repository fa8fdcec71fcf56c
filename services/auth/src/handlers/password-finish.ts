import { decodeBase64Url, MalformedError, type passwordFinish as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { lockAccount, replaceCredentials } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'
import { listDevices } from '../device-store.ts'
import { checkLogin } from '../enrolment.ts'
import { endSessions } from '../sessions.ts'

/** Record, vault and the end of the other sessions and logins in one transaction: old and new never mix. */
export const passwordFinish: Handler<typeof route, AuthDeps> = async ({ caller, body }, deps) => {
  const at = deps.now()
  if (!deps.opaque.isRecord(body.opaqueRecord)) throw new MalformedError('OPAQUE record')
  const opaqueRecord = decodeBase64Url(body.opaqueRecord)
  const vault = decodeBase64Url(body.vault)
  if (vault.length === 0) throw new MalformedError('vault')
  const ended = await deps.db.transaction(async (db) => {
    const account = checkLogin(caller, await lockAccount(db, caller.account))
    await replaceCredentials(db, account.id, { opaqueRecord, vault, at, keptLogin: caller.tokenId })
    const devices = await listDevices(db, account.id)
    const others = devices.map((device) => device.id).filter((id) => id !== body.keepDevice)
    return endSessions(db, account.id, others, at)
  })
  deps.revocations.announce(ended)
}
