import { randomBytes } from 'node:crypto'
import { encodeBase64Url, limits, type AccountId, type loginStart as route } from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { findLogin } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'
import { sealState } from '../sealed-state.ts'

/** What a login carries from its start to its finish; `id` makes it good for one finish. */
export interface LoginState {
  readonly id: string
  readonly account: AccountId
  readonly opaque: string
}

/** A stranger's name takes the same path: one lookup, one OPAQUE call, one seal. */
export const loginStart: Handler<typeof route, AuthDeps> = async ({ body, network, spend }, deps) => {
  const { db, opaque, sealer, now } = deps
  await spend('loginPerNetwork', network)
  await spend('login', body.userName)
  const found = await findLogin(db.pool, { userName: body.userName })
  const stranger = opaque.stranger(body.userName)
  const account = found?.id ?? stranger.account
  const record = found?.opaqueRecord ?? stranger.record
  const { state: opaqueState, response: opaqueResponse } = opaque.startLogin(
    account,
    record,
    body.opaqueRequest,
  )
  const state: LoginState = { id: encodeBase64Url(randomBytes(16)), account, opaque: opaqueState }
  return { login: sealState(sealer, 'login', state, now() + limits.loginStateMs), opaqueResponse }
}
