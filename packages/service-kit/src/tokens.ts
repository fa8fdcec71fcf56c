/**
 * Token verification (RFC 7519, RFC 8725) without a database: EdDSA only, a known key, exact `typ`, audience and issuer,
 * a closed set of header fields and claims, times in order. What ended earlier is asked of an in-memory set.
 */
import {
  accessClaimsSchema,
  decodeBase64Url,
  enrolmentClaimsSchema,
  limits,
  ProtocolError,
  ticketClaimsSchema,
  tokenIssuer,
  tokenTypes,
  type AccessClaims,
  type EnrolmentClaims,
  type TicketClaims,
} from '@brieftaube/protocol'
import { compactVerify, decodeProtectedHeader, importJWK, type CryptoKey, type JWK } from 'jose'
import type { z } from 'zod'

export interface KeySet {
  readonly keys: readonly JWK[]
}

export type AnyClaims = AccessClaims | EnrolmentClaims | TicketClaims

export interface TokenVerifierOptions {
  /** The public keys (RFC 7517); asked at the start, for an unknown `kid`, and every few minutes. */
  readonly jwks: () => Promise<KeySet>
  /** Whether a token with these claims ended before its time; in memory, asked on every verification. */
  readonly revoked?: ((claims: AnyClaims) => boolean) | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
}

/** Every method throws `ProtocolError('unauthenticated')`, with the reason as its cause, for the log only. */
export interface TokenVerifier {
  access(token: string): Promise<AccessClaims>
  enrolment(token: string): Promise<EnrolmentClaims>
  ticket(token: string): Promise<TicketClaims>
}

const headerFields = new Set(['alg', 'typ', 'kid'])
/** How far clocks of two services may be apart. */
const skewMs = 5_000
const unknownKeyPauseMs = 10_000
const keysFreshMs = 5 * 60_000

const kinds = {
  access: { ...tokenTypes.access, schema: accessClaimsSchema, lifetimeMs: limits.accessTokenMs },
  enrolment: { ...tokenTypes.enrolment, schema: enrolmentClaimsSchema, lifetimeMs: limits.enrolmentTokenMs },
  ticket: { ...tokenTypes.ticket, schema: ticketClaimsSchema, lifetimeMs: limits.socketTicketMs },
} as const

interface TokenKind<Claims> {
  readonly typ: string
  readonly audience: string
  readonly lifetimeMs: number
  readonly schema: z.ZodType<Claims>
}

export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const now = options.now ?? Date.now
  const keyFor = createKeyRing(options.jwks, now)
  const verifyAs = async <Claims extends AnyClaims>(
    kind: TokenKind<Claims>,
    token: string,
  ): Promise<Claims> => {
    try {
      const claims = await readClaims(kind, token, keyFor)
      checkTimes(claims, kind.lifetimeMs, now())
      if (options.revoked?.(claims) === true) throw new Error('revoked')
      return claims
    } catch (cause) {
      throw new ProtocolError('unauthenticated', 'The token is not valid.', { cause })
    }
  }
  return {
    access: (token) => verifyAs(kinds.access, token),
    enrolment: (token) => verifyAs(kinds.enrolment, token),
    ticket: (token) => verifyAs(kinds.ticket, token),
  }
}

async function readClaims<Claims extends AnyClaims>(
  kind: TokenKind<Claims>,
  token: string,
  keyFor: KeyRing,
): Promise<Claims> {
  if (token.length > limits.tokenMaxBytes) throw new Error('too long')
  const parts = token.split('.')
  if (parts.length !== 3) throw new Error('not a compact JWS')
  // the library tolerates several spellings of the same bytes; one token has one spelling here
  for (const part of parts) decodeBase64Url(part)
  const header = decodeProtectedHeader(token)
  if (Object.keys(header).some((field) => !headerFields.has(field)))
    throw new Error('unexpected header field')
  if (header.alg !== 'EdDSA' || header.typ !== kind.typ || typeof header.kid !== 'string')
    throw new Error('wrong header')
  const { payload } = await compactVerify(token, await keyFor(header.kid), { algorithms: ['EdDSA'] })
  const claims = kind.schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)))
  if (claims.aud !== kind.audience || claims.iss !== tokenIssuer) throw new Error('wrong audience or issuer')
  return claims
}

function checkTimes(claims: AnyClaims, lifetimeMs: number, now: number): void {
  if (claims.exp * 1000 <= now) throw new Error('expired')
  if (claims.iat * 1000 > now + skewMs) throw new Error('issued in the future')
  if (claims.exp <= claims.iat || (claims.exp - claims.iat) * 1000 > lifetimeMs)
    throw new Error('wrong lifetime')
}

type KeyRing = (kid: string) => Promise<CryptoKey>

/** Keys by `kid`. An unknown `kid` asks for the set again, but not more often than the pause, so that it is no lever. */
function createKeyRing(jwks: () => Promise<KeySet>, now: () => number): KeyRing {
  let keys = new Map<string, CryptoKey>()
  let loadedAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | undefined
  const load = async () => {
    const set = await jwks()
    const loaded = new Map<string, CryptoKey>()
    for (const jwk of set.keys) {
      if (jwk.kid === undefined || jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || jwk.d !== undefined) continue
      loaded.set(jwk.kid, (await importJWK(jwk, 'EdDSA')) as CryptoKey)
    }
    keys = loaded
    loadedAt = now()
  }
  const loadOnce = () => (loading ??= load().finally(() => (loading = undefined)))
  return async (kid) => {
    const age = now() - loadedAt
    if (age > keysFreshMs && keys.has(kid)) void loadOnce().catch(() => undefined)
    else if (!keys.has(kid) && age > unknownKeyPauseMs) await loadOnce()
    const key = keys.get(kid)
    if (key === undefined) throw new Error('unknown key')
    return key
  }
}
