import { z } from 'zod'
import { defineRoute } from '../route.ts'
import { opaqueSchema, userNameSchema } from './session.ts'

/** OPAQUE login, KE1 → KE2. An unknown name gets an answer of the same shape, size and time. */
export const loginStart = defineRoute({
  name: 'loginStart',
  method: 'POST',
  path: '/api/auth/login/start',
  access: 'public',
  rate: 'login',
  summary: 'Begin to log in with the password.',
  request: z.strictObject({ userName: userNameSchema, opaqueRequest: opaqueSchema }),
  reply: z.strictObject({ login: z.string(), opaqueResponse: opaqueSchema }),
})
