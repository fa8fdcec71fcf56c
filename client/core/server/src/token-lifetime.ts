/**
 * How long a token lives, from its own claims. Only differences of the server's times are used: a device's clock may be
 * wrong by days.
 */
import { decodeBase64Url, decodeText } from '@brieftaube/protocol'
import { z } from 'zod'

const claimsSchema = z.object({ iat: z.number(), exp: z.number(), until: z.number().optional() })

export interface Lifetime {
  /** How long the token can be presented. */
  readonly validMs: number
  /** A ticket: how long the socket that it opens stays open without being renewed. */
  readonly untilMs: number | undefined
}

/** undefined when the token cannot be read; nothing is verified, the server does that. */
export function lifetimeOf(token: string): Lifetime | undefined {
  try {
    const claims = claimsSchema.parse(JSON.parse(decodeText(decodeBase64Url(token.split('.')[1] ?? ''))))
    const issuedAt = claims.iat * 1000
    return {
      validMs: claims.exp * 1000 - issuedAt,
      untilMs: claims.until === undefined ? undefined : claims.until - issuedAt,
    }
  } catch {
    return undefined
  }
}
