import { ProtocolError, type deviceRename as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { cleanName } from '../clean-name.ts'
import type { AuthDeps } from '../deps.ts'
import { renameDevice } from '../device-store.ts'

export const deviceRename: Handler<typeof route, AuthDeps> = async ({ caller, params, body }, { db }) => {
  const found = await renameDevice(db.pool, caller.account, params.device, cleanName(body.name))
  if (!found) throw new ProtocolError('not-found', 'There is no such device.')
}
