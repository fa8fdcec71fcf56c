import { z } from 'zod'
import { limits } from '../limits.ts'
import { base64UrlSchema, defineRoute } from '../route.ts'

/** Ends the session and revokes the device: signing out removes it from the account. */
export const logout = defineRoute({
  name: 'logout',
  method: 'POST',
  path: '/api/auth/logout',
  access: 'session',
  summary: 'Sign this device out.',
  request: z.strictObject({ statement: base64UrlSchema(limits.noticeMaxBytes) }),
})
