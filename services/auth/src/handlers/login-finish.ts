import { accountIdSchema, limits, ProtocolError, type loginFinish as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { z } from 'zod'
import { findLogin } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'
import { enrolmentReply, refuseDisabled, wrongCredentials } from '../enrolment.ts'
import { openState } from '../sealed-state.ts'

const stateSchema = z.strictObject({ id: z.string(), account: accountIdSchema, opaque: z.string() })

/** One finish per start: a second guess needs a new start, and with it the limits. */
export const loginFinish: Handler<typeof route, AuthDeps> = async ({ body }, deps) => {
  const state = openState(deps.sealer, 'login', body.login, { schema: stateSchema, now: deps.now() })
  if (!(await deps.cache.putIfAbsent(`auth:login:${state.id}`, '1', limits.loginStateMs))) {
    throw new ProtocolError('login-expired', 'This login was finished already; begin again.')
  }
  const proven = deps.opaque.finishLogin(state.opaque, body.opaqueFinish)
  const account = await findLogin(deps.db.pool, { id: state.account })
  if (!proven || account === undefined) throw wrongCredentials()
  refuseDisabled(account)
  return enrolmentReply(deps, account)
}
