import { ProtocolError, type pictureGet as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { findPicture } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'

export const pictureGet: Handler<typeof route, AuthDeps> = async ({ params }, { db }) => {
  const picture = await findPicture(db.pool, params.account)
  if (picture === undefined) throw new ProtocolError('not-found', 'There is no such picture.')
  return picture
}
