/** Disabling and enabling accounts, making and unmaking administrators. The running services notice by the revocation feed. */
import type { AccountId } from '@brieftaube/protocol'
import type { Database, Queryable } from '../database.ts'
import { insertRevocations } from '../revocation-store.ts'
import {
  endAllSessions,
  findAccountFacts,
  lastEndOfAccount,
  lockAdmins,
  setDisabled,
  setRole,
  type AccountFacts,
} from './account-admin-store.ts'

export type AccountChange = 'disable' | 'enable' | 'make-admin' | 'unmake-admin'

export type ChangeOutcome = 'changed' | 'unchanged' | 'unknown' | 'last-admin'

/** One transaction; the last administrator who can log in stays one. */
export async function changeAccount(
  db: Database,
  wish: { readonly userName: string; readonly change: AccountChange; readonly at: number },
): Promise<ChangeOutcome> {
  return db.transaction(async (connection) => {
    const admins = await lockAdmins(connection)
    const account = await findAccountFacts(connection, wish.userName)
    if (account === undefined) return 'unknown'
    if (!isNews(account, wish.change)) return 'unchanged'
    const loses = wish.change === 'disable' || wish.change === 'unmake-admin'
    if (loses && admins.length === 1 && admins[0] === account.id) return 'last-admin'
    await carryOut(connection, account.id, wish)
    return 'changed'
  })
}

function isNews(account: AccountFacts, change: AccountChange): boolean {
  switch (change) {
    case 'disable':
      return account.disabledAt === undefined
    case 'enable':
      return account.disabledAt !== undefined
    case 'make-admin':
      return account.role !== 'admin'
    case 'unmake-admin':
      return account.role === 'admin'
  }
}

/** Tokens from before die in all services. Who keeps the session gets others, with the new role, without noticing. */
async function carryOut(
  db: Queryable,
  account: AccountId,
  { change, at }: { change: AccountChange; at: number },
): Promise<void> {
  switch (change) {
    case 'enable':
      return setDisabled(db, account, undefined)
    case 'disable':
      await setDisabled(db, account, at)
      await endAllSessions(db, account, at)
      break
    case 'make-admin':
      await setRole(db, account, 'admin')
      break
    case 'unmake-admin':
      await setRole(db, account, 'user')
      break
  }
  // a token's time has whole seconds and lies after the last end: behind whatever can have been issued
  const after = Math.ceil(Math.max(at, await lastEndOfAccount(db, account)) / 1000) * 1000 + 1
  await insertRevocations(db, [{ kind: 'session-ended', account, at: after }])
}
