import { ProtocolError, type profileUpdate as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { toProfile, updateProfile } from '../account-store.ts'
import { cleanName, cleanText } from '../clean-name.ts'
import type { AuthDeps } from '../deps.ts'

export const profileUpdate: Handler<typeof route, AuthDeps> = async ({ caller, body }, { db }) => {
  const displayName = body.displayName === undefined ? undefined : cleanName(body.displayName)
  const statusText = body.statusText === undefined ? undefined : cleanText(body.statusText)
  const account = await updateProfile(db.pool, caller.account, { displayName, statusText })
  if (account === undefined) throw new ProtocolError('unauthenticated', 'The account is gone.')
  return toProfile(account)
}
