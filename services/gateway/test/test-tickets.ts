/** The socket's tickets as the auth service signs them, and others. */
import { createPrivateKey, randomUUID, sign } from 'node:crypto'
import { limits, tokenIssuer, tokenTypes } from '@brieftaube/protocol'
import type { TokenSource } from '@brieftaube/testkit'

export function ticketFor(
  source: TokenSource,
  changes: { readonly header?: object; readonly claims?: object } = {},
): string {
  const iat = Math.floor(Date.now() / 1000)
  const claims = {
    iss: tokenIssuer,
    aud: tokenTypes.ticket.audience,
    sub: source.account,
    iat,
    exp: iat + limits.socketTicketMs / 1000,
    device: source.device,
    session: source.session,
    jti: randomUUID(),
    until: Date.now() + limits.accessTokenMs,
    ...changes.claims,
  }
  const header = { alg: 'EdDSA', typ: tokenTypes.ticket.typ, kid: source.kid, ...changes.header }
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode(header)}.${encode(claims)}`
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', ...source.jwk }, format: 'jwk' })
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

/** Who signs with the server's own key. */
export function sourceOf(secrets: {
  readonly signingKeys: readonly { readonly kid: string; readonly jwk: { x?: string; d?: string } }[]
}): TokenSource {
  const [key] = secrets.signingKeys
  const { x = '', d = '' } = key?.jwk ?? {}
  const id = () => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url')
  const who = { account: id() as TokenSource['account'], device: id() as TokenSource['device'] }
  return { kid: key?.kid ?? '', jwk: { x, d }, ...who, session: 'test' }
}
