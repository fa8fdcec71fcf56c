import { defineRoute } from '../route.ts'
import { sessionSchema } from './session.ts'

/**
 * The refresh cookie is rotated; within a 10-s grace the same successor is returned. Later a used cookie is good for another
 * successor as long as the first was not used (its answer was lost); any other reuse revokes the family.
 * `device-revoked`: its device was revoked; `account-disabled`: its account was, until it is enabled again; `unauthenticated`: the session is over.
 */
export const tokenRefresh = defineRoute({
  name: 'tokenRefresh',
  method: 'POST',
  path: '/api/auth/token/refresh',
  access: 'public',
  summary: 'A new access token for the refresh cookie.',
  reply: sessionSchema,
})
