import { ProtocolError, type pictureSet as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { putPicture, toProfile } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'
import { checkPicture } from '../picture.ts'
import { sha256 } from '../sealing.ts'

export const pictureSet: Handler<typeof route, AuthDeps> = async ({ caller, bytes }, { db }) => {
  const { contentType } = checkPicture(bytes)
  const picture = { contentType, bytes, hash: sha256(bytes) }
  const account = await db.transaction((connection) => putPicture(connection, caller.account, picture))
  if (account === undefined) throw new ProtocolError('unauthenticated', 'The account is gone.')
  return toProfile(account)
}
