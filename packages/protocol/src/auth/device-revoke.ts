import { z } from 'zod'
import { limits } from '../limits.ts'
import { base64UrlSchema, defineRoute } from '../route.ts'

/** Ends the device's tokens and sockets within 5 s. `statement`: the account key's signed revocation (group-policy, notice). */
export const deviceRevoke = defineRoute({
  name: 'deviceRevoke',
  method: 'POST',
  path: '/api/auth/devices/:device/revoke',
  access: 'session',
  summary: 'Sign an own device out for good.',
  request: z.strictObject({ statement: base64UrlSchema(limits.noticeMaxBytes) }),
})
