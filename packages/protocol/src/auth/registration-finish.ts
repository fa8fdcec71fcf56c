import { z } from 'zod'
import { limits } from '../limits.ts'
import { base64UrlSchema, defineRoute } from '../route.ts'
import { newDeviceSchema, opaqueSchema, sessionSchema, vaultSchema } from './session.ts'

/** Creates account, vault, first device and session in one transaction. `recoveryAuth` is stored hashed. */
export const registrationFinish = defineRoute({
  name: 'registrationFinish',
  method: 'POST',
  path: '/api/auth/registration/finish',
  access: 'public',
  summary: 'Finish the registration with the vault and the first device.',
  request: z.strictObject({
    registration: z.string().max(limits.tokenMaxBytes),
    opaqueRecord: opaqueSchema,
    displayName: z.string().min(1).max(limits.displayNameMaxChars),
    accountKey: base64UrlSchema(32),
    vault: vaultSchema,
    recoveryAuth: base64UrlSchema(32),
    device: newDeviceSchema,
  }),
  reply: sessionSchema,
})
