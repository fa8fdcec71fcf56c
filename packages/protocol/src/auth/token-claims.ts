/** JWT claims (RFC 7519). One algorithm, EdDSA; `typ` "at+jwt" for access (RFC 9068), "enrol+jwt", "ticket+jwt". */
import { z } from 'zod'
import { accountIdSchema, deviceIdSchema } from '../ids.ts'
import { roleSchema } from './session.ts'

export const tokenIssuer = 'brieftaube'

export const tokenTypes = {
  access: { typ: 'at+jwt', audience: 'brieftaube' },
  enrolment: { typ: 'enrol+jwt', audience: 'brieftaube/enrolment' },
  ticket: { typ: 'ticket+jwt', audience: 'brieftaube/socket' },
} as const

/** `iat` and `exp` are seconds. */
const common = {
  iss: z.literal(tokenIssuer),
  aud: z.string(),
  sub: accountIdSchema,
  iat: z.int(),
  exp: z.int(),
}

export const accessClaimsSchema = z.strictObject({
  ...common,
  device: deviceIdSchema,
  role: roleSchema,
  session: z.string(),
})
export type AccessClaims = z.infer<typeof accessClaimsSchema>

export const enrolmentClaimsSchema = z.strictObject({ ...common, jti: z.string() })
export type EnrolmentClaims = z.infer<typeof enrolmentClaimsSchema>

/** `until` is when the socket must have been renewed, in milliseconds since 1970. */
export const ticketClaimsSchema = z.strictObject({
  ...common,
  device: deviceIdSchema,
  session: z.string(),
  jti: z.string(),
  until: z.int(),
})
export type TicketClaims = z.infer<typeof ticketClaimsSchema>
