import { ProtocolError, type accountLookup as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { findAccountByName, toProfile } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'

export const accountLookup: Handler<typeof route, AuthDeps> = async ({ body }, { db }) => {
  const account = await findAccountByName(db.pool, body.userName)
  if (account === undefined) throw new ProtocolError('not-found', 'Nobody has this name.')
  return toProfile(account)
}
