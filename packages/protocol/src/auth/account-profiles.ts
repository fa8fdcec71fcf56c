import { z } from 'zod'
import { accountIdSchema } from '../ids.ts'
import { defineRoute } from '../route.ts'
import { profileSchema } from './account-lookup.ts'

/** Unknown ids are left out of the answer. */
export const accountProfiles = defineRoute({
  name: 'accountProfiles',
  method: 'POST',
  path: '/api/auth/accounts/profiles',
  access: 'session',
  summary: 'The profiles of accounts whose ids are known.',
  request: z.strictObject({ accounts: z.array(accountIdSchema).max(200) }),
  reply: z.strictObject({ profiles: z.array(profileSchema) }),
})
