import type { loginRecovery as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { findLogin } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'
import { enrolmentReply, refuseDisabled, wrongCredentials } from '../enrolment.ts'

const nothing = new Uint8Array(32)

export const loginRecovery: Handler<typeof route, AuthDeps> = async ({ body, network, spend }, deps) => {
  const { db, opaque, recovery } = deps
  await spend('loginPerNetwork', network)
  await spend('login', body.userName)
  const found = await findLogin(db.pool, { userName: body.userName })
  // a stranger's proof is hashed and compared like anybody's
  const presented = recovery.hash(found?.id ?? opaque.stranger(body.userName).account, body.recoveryAuth)
  const matches = recovery.matches(found?.recoveryHash ?? nothing, presented)
  if (!matches || found === undefined) throw wrongCredentials()
  refuseDisabled(found)
  return enrolmentReply(deps, found)
}
