/**
 * Access tokens that must never be accepted, each with the reason in its name. Built from a server's real signing key, so
 * that only the one flaw is wrong; usable against any service that verifies tokens.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto'
import {
  encodeBase64Url,
  limits,
  tokenIssuer,
  tokenTypes,
  type AccountId,
  type DeviceId,
} from '@brieftaube/protocol'

export interface BadToken {
  readonly name: string
  readonly token: string
}

export interface TokenSource {
  readonly kid: string
  /** Ed25519 with its private part. */
  readonly jwk: { readonly x: string; readonly d: string }
  readonly account: AccountId
  readonly device: DeviceId
  readonly session: string
}

type Json = Readonly<Record<string, unknown>>

/** A well-formed token of the source; the corpus is made of variations of it. */
export function goodToken(source: TokenSource): string {
  return parts(source).signed()
}

export function badTokens(source: TokenSource): BadToken[] {
  return [
    ...badAlgorithms(source),
    ...badHeaders(source),
    ...badClaims(source),
    ...badTimes(source),
    ...badShapes(source),
  ]
}

function parts(source: TokenSource) {
  const key = importKey(source.jwk)
  const now = Math.floor(Date.now() / 1000)
  const header: Json = { alg: 'EdDSA', typ: tokenTypes.access.typ, kid: source.kid }
  const claims: Json = {
    iss: tokenIssuer,
    aud: tokenTypes.access.audience,
    sub: source.account,
    device: source.device,
    session: source.session,
    role: 'user',
    iat: now,
    exp: now + limits.accessTokenMs / 1000,
  }
  const signed = (headerChange: Json = {}, claimChange: Json = {}, by: KeyObject = key) =>
    signWith(by, { ...header, ...headerChange }, { ...claims, ...claimChange })
  return { key, now, header, claims, signed }
}

function importKey(jwk: { readonly x: string; readonly d: string }): KeyObject {
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', ...jwk }, format: 'jwk' })
}

function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signWith(key: KeyObject, header: Json, claims: unknown): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
}

function macWith(secret: string | Uint8Array, header: Json, claims: Json): string {
  const input = `${encodeJson(header)}.${encodeJson(claims)}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** `undefined` fields vanish in JSON, so a change to `undefined` leaves a field out. */
function badAlgorithms(source: TokenSource): BadToken[] {
  const { key, header, claims, signed } = parts(source)
  const { x } = source.jwk
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  const jwks = JSON.stringify({
    keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid: source.kid, alg: 'EdDSA', use: 'sig' }],
  })
  const hmacHeader = { ...header, alg: 'HS256' }
  const unsigned = (alg: string) => `${encodeJson({ ...header, alg })}.${encodeJson(claims)}.`
  return [
    { name: 'algorithm none', token: unsigned('none') },
    { name: 'algorithm nOnE', token: unsigned('nOnE') },
    { name: 'algorithm none with a signature', token: signed({ alg: 'none' }) },
    {
      name: 'HMAC with the public key bytes as secret',
      token: macWith(Buffer.from(x, 'base64url'), hmacHeader, claims),
    },
    { name: 'HMAC with the public key text as secret', token: macWith(x, hmacHeader, claims) },
    { name: 'HMAC with the public key PEM as secret', token: macWith(pem, hmacHeader, claims) },
    { name: 'HMAC with the key set as secret', token: macWith(jwks, hmacHeader, claims) },
    { name: 'HMAC with an empty secret', token: macWith('', hmacHeader, claims) },
    { name: 'HMAC under the name EdDSA', token: macWith(Buffer.from(x, 'base64url'), header, claims) },
    { name: 'the right signature under the name ES256', token: signed({ alg: 'ES256' }) },
    { name: 'the right signature under the name RS256', token: signed({ alg: 'RS256' }) },
    { name: 'no algorithm', token: signed({ alg: undefined }) },
  ]
}

function badHeaders(source: TokenSource): BadToken[] {
  const { signed } = parts(source)
  const { privateKey: foreign, publicKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' })
  const url = 'https://evil.example/keys.json'
  return [
    { name: 'signed by a foreign key under a known kid', token: signed({}, {}, foreign) },
    { name: 'unknown kid', token: signed({ kid: 'unknown' }) },
    { name: 'no kid', token: signed({ kid: undefined }) },
    { name: 'kid as a path', token: signed({ kid: '../../../../dev/null' }) },
    { name: 'kid as SQL', token: signed({ kid: "' or 1=1 --" }) },
    { name: 'kid as a prototype key', token: signed({ kid: '__proto__' }) },
    { name: 'kid as a list', token: signed({ kid: [source.kid] }) },
    { name: 'own key in the header', token: signed({ jwk, kid: undefined }, {}, foreign) },
    { name: 'own key in the header under a known kid', token: signed({ jwk }, {}, foreign) },
    { name: 'key address in the header', token: signed({ jku: url }) },
    { name: 'certificate address in the header', token: signed({ x5u: url }) },
    { name: 'certificate in the header', token: signed({ x5c: ['MIIB'] }) },
    { name: 'unknown critical field', token: signed({ crit: ['urgent'], urgent: true }) },
    { name: 'unencoded payload', token: signed({ crit: ['b64'], b64: false }) },
    { name: 'compression', token: signed({ zip: 'DEF' }) },
    { name: 'type JWT', token: signed({ typ: 'JWT' }) },
    { name: 'no type', token: signed({ typ: undefined }) },
    { name: 'type with media prefix', token: signed({ typ: `application/${tokenTypes.access.typ}` }) },
    { name: 'type in other case', token: signed({ typ: tokenTypes.access.typ.toUpperCase() }) },
    { name: 'type of an enrolment token', token: signed({ typ: tokenTypes.enrolment.typ }) },
    { name: 'type of a socket ticket', token: signed({ typ: tokenTypes.ticket.typ }) },
  ]
}

function badClaims(source: TokenSource): BadToken[] {
  const { signed } = parts(source)
  return [
    { name: 'audience of the socket', token: signed({}, { aud: tokenTypes.ticket.audience }) },
    { name: 'audience of the enrolment', token: signed({}, { aud: tokenTypes.enrolment.audience }) },
    { name: 'audience as a list', token: signed({}, { aud: [tokenTypes.access.audience, 'other'] }) },
    { name: 'no audience', token: signed({}, { aud: undefined }) },
    { name: 'foreign issuer', token: signed({}, { iss: 'https://evil.example' }) },
    { name: 'no issuer', token: signed({}, { iss: undefined }) },
    { name: 'no subject', token: signed({}, { sub: undefined }) },
    { name: 'subject that is no id', token: signed({}, { sub: 'alice' }) },
    { name: 'no device', token: signed({}, { device: undefined }) },
    { name: 'unknown role', token: signed({}, { role: 'owner' }) },
    { name: 'unknown claim', token: signed({}, { scope: 'all' }) },
    {
      name: 'claims of an enrolment token',
      token: signed({}, { device: undefined, role: undefined, session: undefined, jti: 'x' }),
    },
  ]
}

function badTimes(source: TokenSource): BadToken[] {
  const { now, signed } = parts(source)
  return [
    { name: 'expired', token: signed({}, { iat: now - 700, exp: now - 100 }) },
    { name: 'expired this second', token: signed({}, { iat: now - 600, exp: now }) },
    { name: 'issued in the future', token: signed({}, { iat: now + 300, exp: now + 900 }) },
    { name: 'not valid yet', token: signed({}, { nbf: now + 300 }) },
    { name: 'valid for a year', token: signed({}, { exp: now + 31_536_000 }) },
    { name: 'no end', token: signed({}, { exp: undefined }) },
    { name: 'end as text', token: signed({}, { exp: String(now + 600) }) },
    { name: 'end before its beginning', token: signed({}, { iat: now + 4, exp: now + 3 }) },
    { name: 'no issue time', token: signed({}, { iat: undefined }) },
  ]
}

function badShapes(source: TokenSource): BadToken[] {
  const { key, header, claims, signed } = parts(source)
  const good = signed()
  const [head = '', body = '', signature = ''] = good.split('.')
  const asAdmin = encodeJson({ ...claims, role: 'admin' })
  const bytes = Buffer.from(signature, 'base64url')
  const flipped = Uint8Array.from(bytes, (byte, index) => (index === 10 ? byte ^ 1 : byte))
  const otherSpelling = `${signature.slice(0, -1)}${nextLetter(signature.at(-1) ?? 'A')}`
  return [
    { name: 'changed claims under the old signature', token: `${head}.${asAdmin}.${signature}` },
    { name: 'changed signature', token: `${head}.${body}.${encodeBase64Url(flipped)}` },
    { name: 'empty signature', token: `${head}.${body}.` },
    { name: 'no signature part', token: `${head}.${body}` },
    { name: 'another spelling of the signature', token: `${head}.${body}.${otherSpelling}` },
    { name: 'half a signature', token: `${head}.${body}.${signature.slice(0, 43)}` },
    { name: 'five parts', token: `${good}.e.e` },
    { name: 'claims that are a list', token: signWith(key, header, [claims]) },
    { name: 'longer than 4 KiB', token: signed({}, { session: 'x'.repeat(limits.tokenMaxBytes) }) },
    { name: 'not a token', token: 'undefined' },
    { name: 'dots', token: '..' },
  ]
}

/** 64 bytes leave 4 unused bits in the last letter: another letter spells the same bytes. */
function nextLetter(letter: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet.charAt(alphabet.indexOf(letter) + 1)
}
