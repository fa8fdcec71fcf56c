/** A proven login that has no device yet. */
import { encodeBase64Url, limits, ProtocolError, type Enrolment } from '@brieftaube/protocol'
import type { EnrolmentCaller } from '@brieftaube/service-kit'
import type { Account } from './account-store.ts'
import type { AuthDeps } from './deps.ts'

/** One answer for unknown names, wrong passwords and wrong recovery keys. */
export function wrongCredentials(): ProtocolError {
  return new ProtocolError('wrong-credentials', 'Name or password is wrong.')
}

/** Only after the proof: nobody else learns that there is such an account. */
export function refuseDisabled(account: Account): void {
  if (account.isDisabled) throw new ProtocolError('account-disabled', 'This account was disabled.')
}

export async function enrolmentReply(
  { issuer }: Pick<AuthDeps, 'issuer'>,
  account: Account,
): Promise<Enrolment> {
  const { token, expiresAt } = await issuer.enrolment(account.id, account.loginsFrom)
  return {
    account: account.id,
    userName: account.userName,
    displayName: account.displayName,
    accountKey: encodeBase64Url(account.accountKey),
    vault: encodeBase64Url(account.vault),
    enrolmentToken: token,
    expiresAt,
  }
}

/** Throws `unauthenticated` for a login from before the last change of password, except the one that made the change. */
export function checkLogin(caller: EnrolmentCaller, account: Account | undefined): Account {
  const issuedAt = caller.expiresAt - limits.enrolmentTokenMs
  if (account === undefined || (issuedAt < account.loginsFrom && caller.tokenId !== account.loginsKept)) {
    throw new ProtocolError('unauthenticated', 'The login is over.')
  }
  return account
}
