import { z } from 'zod'
import { deviceIdSchema } from '../ids.ts'
import { defineRoute } from '../route.ts'
import { opaqueSchema, vaultSchema } from './session.ts'

/** Replaces OPAQUE record and vault in one transaction; ends the sessions of all devices but `keepDevice`. */
export const passwordFinish = defineRoute({
  name: 'passwordFinish',
  method: 'POST',
  path: '/api/auth/password/finish',
  access: 'enrolment',
  summary: 'Set the new password and the re-wrapped vault.',
  request: z.strictObject({
    opaqueRecord: opaqueSchema,
    vault: vaultSchema,
    keepDevice: deviceIdSchema.optional(),
  }),
})
