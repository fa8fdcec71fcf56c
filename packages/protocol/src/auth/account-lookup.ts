import { z } from 'zod'
import { accountIdSchema } from '../ids.ts'
import { base64UrlSchema, defineRoute } from '../route.ts'
import { userNameSchema } from './session.ts'

/** What every signed-in account may see of another. `picture` names the picture's bytes (SHA-256, base64url). */
export const profileSchema = z.strictObject({
  account: accountIdSchema,
  userName: z.string(),
  displayName: z.string(),
  statusText: z.string(),
  accountKey: base64UrlSchema(32),
  picture: z.string().optional(),
})
export type Profile = z.infer<typeof profileSchema>

/** Exact names only. */
export const accountLookup = defineRoute({
  name: 'accountLookup',
  method: 'POST',
  path: '/api/auth/accounts/lookup',
  access: 'session',
  rate: 'lookup',
  summary: 'Find an account by its exact user name.',
  request: z.strictObject({ userName: userNameSchema }),
  reply: profileSchema,
})
