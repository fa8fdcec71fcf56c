import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { opaqueSchema } from './session.ts'

/** Needs a fresh proof: an enrolment token, i.e. a login with the old password or the recovery key just before. */
export const passwordStart = defineRoute({
  name: 'passwordStart',
  method: 'POST',
  path: '/api/auth/password/start',
  access: 'enrolment',
  summary: 'Begin to set a new password.',
  request: z.strictObject({ opaqueRequest: opaqueSchema }),
  reply: z.strictObject({ opaqueResponse: opaqueSchema }),
})
