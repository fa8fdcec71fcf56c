import {
  accountIdSchema,
  decodeBase64Url,
  equalBytes,
  MalformedError,
  ProtocolError,
  userNameSchema,
  type registrationFinish as route,
  type RequestOf,
} from '@brieftaube/protocol'
import type { Handler, PoolClient } from '@brieftaube/service-kit'
import { z } from 'zod'
import { findAccount, insertAccount, type NewAccount } from '../account-store.ts'
import { cleanName } from '../clean-name.ts'
import type { AuthDeps } from '../deps.ts'
import { findDevice, insertDevice, type NewDevice } from '../device-store.ts'
import { spendInvite } from '../invite-store.ts'
import { hashInvite } from '../invites.ts'
import { openState } from '../sealed-state.ts'
import { openSession, sessionReply, type OpenedSession } from '../sessions.ts'
import { checkCertificate, isSoundPublicKey } from '../signatures.ts'

const stateSchema = z.strictObject({
  account: accountIdSchema,
  userName: userNameSchema,
  invite: z.string().optional(),
})
type State = z.infer<typeof stateSchema>

/** Account, vault, device and session in one transaction. The same finish again (a lost answer) opens a new session. */
export const registrationFinish: Handler<typeof route, AuthDeps> = async (
  { body, network, setHeader, spend },
  deps,
) => {
  // one start is good for many finishes, each of which costs signatures and an OPAQUE run
  await spend('loginPerNetwork', network)
  const now = deps.now()
  const state = openState(deps.sealer, 'registration', body.registration, { schema: stateSchema, now })
  const { account, device } = checkRegistration(state, body, deps, now)
  const opened = await deps.db.transaction(async (db) => {
    const role = await createAccount(db, { state, account, device }, now)
    return openSession(db, { account: account.id, device: device.id, role }, now)
  })
  deps.revocations.announce(opened.ended)
  return sessionReply(deps.issuer, opened satisfies OpenedSession, setHeader)
}

function checkRegistration(state: State, body: RequestOf<typeof route>, deps: AuthDeps, now: number) {
  const accountKey = decodeBase64Url(body.accountKey)
  if (!isSoundPublicKey(accountKey)) throw new MalformedError('account key')
  if (!deps.opaque.isRecord(body.opaqueRecord)) throw new MalformedError('OPAQUE record')
  const vault = decodeBase64Url(body.vault)
  if (vault.length === 0) throw new MalformedError('vault')
  const certified = checkCertificate({ account: state.account, accountKey }, body.device)
  const account: NewAccount = {
    id: state.account,
    userName: state.userName,
    role: 'user',
    displayName: cleanName(body.displayName),
    accountKey,
    opaqueRecord: decodeBase64Url(body.opaqueRecord),
    vault,
    recoveryHash: deps.recovery.hash(state.account, body.recoveryAuth),
    createdAt: now,
  }
  const { device: id, deviceKey, certificate } = certified
  const name = cleanName(body.device.name)
  const device: NewDevice = { id, account: state.account, deviceKey, certificate, name, createdAt: now }
  return { account, device }
}

async function createAccount(
  db: PoolClient,
  { state, account, device }: { state: State; account: NewAccount; device: NewDevice },
  now: number,
): Promise<'user' | 'admin'> {
  const before = await findAccount(db, account.id)
  if (before !== undefined) {
    const same = await findDevice(db, device.id)
    const isRetry =
      same?.account === account.id &&
      same.revokedAt === undefined &&
      equalBytes(same.deviceKey, device.deviceKey) &&
      equalBytes(before.opaqueRecord, account.opaqueRecord)
    if (!isRetry) throw new ProtocolError('conflict', 'This registration is finished.')
    return before.role
  }
  const role = await roleOf(db, state, now)
  if (!(await insertAccount(db, { ...account, role })))
    throw new ProtocolError('name-taken', 'This name is taken.')
  if (!(await insertDevice(db, device))) throw new ProtocolError('conflict', 'This device exists already.')
  return role
}

/** Without an invite nobody becomes more than a user. */
async function roleOf(db: PoolClient, state: State, now: number): Promise<'user' | 'admin'> {
  if (state.invite === undefined) return 'user'
  const role = await spendInvite(db, hashInvite(state.invite), now)
  if (role === undefined) throw new ProtocolError('invite-invalid', 'This invitation does not work any more.')
  return role
}
