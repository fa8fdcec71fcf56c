import { z } from 'zod'
import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'
import { profileSchema } from './account-lookup.ts'

export const profileUpdate = defineRoute({
  name: 'profileUpdate',
  method: 'PATCH',
  path: '/api/auth/profile',
  access: 'session',
  summary: 'Change the own display name or status text.',
  request: z.strictObject({
    displayName: z.string().min(1).max(limits.displayNameMaxChars).optional(),
    statusText: z.string().max(limits.statusTextMaxChars).optional(),
  }),
  reply: profileSchema,
})
