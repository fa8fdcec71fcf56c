import { z } from 'zod'
import { base64UrlSchema, defineRoute } from '../route.ts'
import { enrolmentSchema } from './login-finish.ts'
import { userNameSchema } from './session.ts'

/** `recoveryAuth` = HKDF(recovery key); unknown name and wrong key look alike. */
export const loginRecovery = defineRoute({
  name: 'loginRecovery',
  method: 'POST',
  path: '/api/auth/login/recovery',
  access: 'public',
  rate: 'login',
  summary: 'Log in with the recovery key.',
  request: z.strictObject({ userName: userNameSchema, recoveryAuth: base64UrlSchema(32) }),
  reply: enrolmentSchema,
})
