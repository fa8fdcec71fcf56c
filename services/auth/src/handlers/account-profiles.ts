import type { accountProfiles as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { findAccounts, toProfile } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'

export const accountProfiles: Handler<typeof route, AuthDeps> = async ({ body }, { db }) => ({
  profiles: (await findAccounts(db.pool, body.accounts)).map(toProfile),
})
