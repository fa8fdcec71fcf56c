import { randomBytes } from 'node:crypto'
import {
  idFromBytes,
  limits,
  ProtocolError,
  type AccountId,
  type registrationStart as route,
} from '@brieftaube/protocol'
import type { Handler } from '@brieftaube/service-kit'
import { isNameTaken } from '../account-store.ts'
import type { AuthDeps } from '../deps.ts'
import { isInviteGood } from '../invite-store.ts'
import { hashInvite } from '../invites.ts'
import { sealState } from '../sealed-state.ts'

/** What a registration carries from its start to its finish. */
export interface RegistrationState {
  readonly account: AccountId
  readonly userName: string
  readonly invite?: string | undefined
}

/** The invite comes before the name, so that without one nothing is learnt about names. */
export const registrationStart: Handler<typeof route, AuthDeps> = async ({ body }, deps) => {
  const { config, db, opaque, sealer, now } = deps
  if (body.invite === undefined && config.registration === 'invite-only') {
    throw new ProtocolError('registration-closed', 'This server takes new accounts by invitation only.')
  }
  if (body.invite !== undefined && !(await isInviteGood(db.pool, hashInvite(body.invite), now()))) {
    throw new ProtocolError('invite-invalid', 'This invitation does not work any more.')
  }
  if (await isNameTaken(db.pool, body.userName)) throw new ProtocolError('name-taken', 'This name is taken.')
  const account = idFromBytes<AccountId>(randomBytes(16))
  const opaqueResponse = opaque.register(account, body.opaqueRequest)
  const state: RegistrationState = { account, userName: body.userName, invite: body.invite }
  // long enough for a person who writes down the recovery key in between
  const registration = sealState(sealer, 'registration', state, now() + limits.enrolmentTokenMs)
  return { account, registration, opaqueResponse }
}
