import type { passwordStart as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { findAccount } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'
import { checkLogin } from '../enrolment.ts'

export const passwordStart: Handler<typeof route, AuthDeps> = async ({ caller, body }, { db, opaque }) => {
  const account = checkLogin(caller, await findAccount(db.pool, caller.account))
  return { opaqueResponse: opaque.register(account.id, body.opaqueRequest) }
}
