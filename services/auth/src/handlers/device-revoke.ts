import type { deviceRevoke as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { revokeDevice } from '../revoke-device.ts'

export const deviceRevoke: Handler<typeof route, AuthDeps> = ({ caller, params, body }, deps) =>
  revokeDevice(deps, { account: caller.account, device: params.device, statement: body.statement })
