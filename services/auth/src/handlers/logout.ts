import type { logout as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { revokeDevice } from '../revoke-device.ts'
import { forgetCookie } from '../sessions.ts'

export const logout: Handler<typeof route, AuthDeps> = async ({ caller, body, setHeader }, deps) => {
  await revokeDevice(deps, { account: caller.account, device: caller.device, statement: body.statement })
  setHeader('set-cookie', forgetCookie)
}
