/** Tokens as the auth service issues them, signed by a key of the benchmark's own: registering thousands of accounts by OPAQUE would take minutes of Argon2id. */
import { generateKeyPairSync, randomUUID, sign, type JsonWebKey } from 'node:crypto'
import {
  encodeBase64Url,
  encodeText,
  limits,
  tokenIssuer,
  tokenTypes,
  type AccountId,
  type DeviceId,
} from '@brieftaube/protocol'

export interface Issuer {
  /** For the services. */
  readonly jwks: { readonly keys: readonly (JsonWebKey & { kid: string })[] }
  accessToken(account: AccountId, device: DeviceId): string
  ticket(account: AccountId, device: DeviceId): string
}

export function createIssuer(): Issuer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const kid = 'bench'
  const issue = (typ: string, claims: object): string => {
    const parts = [{ alg: 'EdDSA', typ, kid }, claims].map((part) =>
      encodeBase64Url(encodeText(JSON.stringify(part))),
    )
    const signature = sign(null, encodeText(parts.join('.')), privateKey)
    return [...parts, encodeBase64Url(signature)].join('.')
  }
  const common = (audience: string, lifetimeMs: number) => {
    const iat = Math.floor(Date.now() / 1000)
    return { iss: tokenIssuer, aud: audience, iat, exp: iat + lifetimeMs / 1000 }
  }
  return {
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' }] },
    accessToken: (account, device) =>
      issue(tokenTypes.access.typ, {
        ...common(tokenTypes.access.audience, limits.accessTokenMs),
        sub: account,
        device,
        role: 'user',
        session: randomUUID(),
      }),
    ticket: (account, device) =>
      issue(tokenTypes.ticket.typ, {
        ...common(tokenTypes.ticket.audience, limits.socketTicketMs),
        sub: account,
        device,
        session: randomUUID(),
        jti: randomUUID(),
        until: Date.now() + 24 * 3600 * 1000,
      }),
  }
}
