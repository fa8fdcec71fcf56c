import { z } from 'zod'
import { accountIdSchema } from '../ids.ts'
import { defineRoute } from '../route.ts'
import { opaqueSchema, userNameSchema } from './session.ts'

/** OPAQUE registration, first message (RFC 9807 section 5). The account id is OPAQUE's user identifier. */
export const registrationStart = defineRoute({
  name: 'registrationStart',
  method: 'POST',
  path: '/api/auth/registration/start',
  access: 'public',
  rate: 'registrationPerNetwork',
  summary: 'Begin to register an account.',
  request: z.strictObject({
    userName: userNameSchema,
    invite: z.string().max(64).optional(),
    opaqueRequest: opaqueSchema,
  }),
  reply: z.strictObject({ account: accountIdSchema, registration: z.string(), opaqueResponse: opaqueSchema }),
})
