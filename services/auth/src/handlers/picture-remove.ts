import { ProtocolError, type pictureRemove as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { putPicture, toProfile } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'

export const pictureRemove: Handler<typeof route, AuthDeps> = async ({ caller }, { db }) => {
  const account = await db.transaction((connection) => putPicture(connection, caller.account, undefined))
  if (account === undefined) throw new ProtocolError('unauthenticated', 'The account is gone.')
  return toProfile(account)
}
