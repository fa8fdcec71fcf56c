import type { inviteCreate as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import type { AuthDeps } from '../deps.ts'
import { createInvite } from '../invites.ts'

export const inviteCreate: Handler<typeof route, AuthDeps> = ({ body }, deps) =>
  createInvite(deps, { role: 'user', uses: body.uses, expiresInMs: body.expiresInMs })
