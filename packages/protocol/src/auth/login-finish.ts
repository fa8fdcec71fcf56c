import { z } from 'zod'
import { accountIdSchema } from '../ids.ts'
import { limits } from '../limits.ts'
import { base64UrlSchema, defineRoute, timestampSchema } from '../route.ts'
import { opaqueSchema, vaultSchema } from './session.ts'

/** A proven login that has no device yet: opens the vault and may enrol one device. */
export const enrolmentSchema = z.strictObject({
  account: accountIdSchema,
  userName: z.string(),
  displayName: z.string(),
  accountKey: base64UrlSchema(32),
  vault: vaultSchema,
  enrolmentToken: z.string(),
  expiresAt: timestampSchema,
})
export type Enrolment = z.infer<typeof enrolmentSchema>

/** OPAQUE login, KE3. */
export const loginFinish = defineRoute({
  name: 'loginFinish',
  method: 'POST',
  path: '/api/auth/login/finish',
  access: 'public',
  summary: 'Finish the login; answers with the vault and a token to enrol a device.',
  request: z.strictObject({ login: z.string().max(limits.tokenMaxBytes), opaqueFinish: opaqueSchema }),
  reply: enrolmentSchema,
})
