/** Signs the three kinds of token (RFC 7519, EdDSA) with the first signing key; publishes the public halves of all. */
import { randomBytes } from 'node:crypto'
import { limits, tokenIssuer, tokenTypes, type AccountId, type DeviceId } from '@brieftaube/protocol'
import type { KeySet } from '@brieftaube/service-kit'
import { importJWK, SignJWT, type JWTPayload } from 'jose'
import type { SigningKey } from './config.ts'

export interface IssuedToken {
  readonly token: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface SessionSubject {
  readonly account: AccountId
  readonly device: DeviceId
  readonly session: string
}

/** `notBefore` (ms): when earlier tokens of the same subject ended. A token's time has whole seconds; it must lie after. */
export interface TokenIssuer {
  readonly keySet: KeySet
  access(subject: SessionSubject & { role: 'user' | 'admin' }, notBefore: number): Promise<IssuedToken>
  enrolment(account: AccountId, notBefore: number): Promise<IssuedToken>
  ticket(subject: SessionSubject, notBefore: number): Promise<IssuedToken>
}

export async function createTokenIssuer(
  keys: readonly SigningKey[],
  now: () => number,
): Promise<TokenIssuer> {
  const [first] = keys
  if (first === undefined) throw new Error('there is no signing key')
  const key = await importJWK(first.jwk, 'EdDSA')
  const keySet = {
    keys: keys.map(({ kid, jwk }) => ({
      kty: 'OKP',
      crv: 'Ed25519',
      x: jwk.x ?? '',
      kid,
      alg: 'EdDSA',
      use: 'sig',
    })),
  }
  const sign = async (
    kind: (typeof tokenTypes)[keyof typeof tokenTypes],
    lifetimeMs: number,
    notBefore: number,
    claims: JWTPayload,
  ): Promise<IssuedToken> => {
    const iat = Math.max(Math.floor(now() / 1000), Math.ceil(notBefore / 1000))
    const exp = iat + Math.floor(lifetimeMs / 1000)
    const token = await new SignJWT({ ...claims, iss: tokenIssuer, aud: kind.audience, iat, exp })
      .setProtectedHeader({ alg: 'EdDSA', typ: kind.typ, kid: first.kid })
      .sign(key)
    return { token, expiresAt: exp * 1000 }
  }
  return {
    keySet,
    access: ({ account, device, session, role }, notBefore) =>
      sign(tokenTypes.access, limits.accessTokenMs, notBefore, { sub: account, device, session, role }),
    enrolment: (account, notBefore) =>
      sign(tokenTypes.enrolment, limits.enrolmentTokenMs, notBefore, { sub: account, jti: randomTokenId() }),
    ticket: ({ account, device, session }, notBefore) =>
      sign(tokenTypes.ticket, limits.socketTicketMs, notBefore, {
        sub: account,
        device,
        session,
        jti: randomTokenId(),
        until: now() + limits.accessTokenMs,
      }),
  }
}

function randomTokenId(): string {
  return randomBytes(16).toString('base64url')
}
