import { z } from 'zod'
import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'

export const deviceRename = defineRoute({
  name: 'deviceRename',
  method: 'PATCH',
  path: '/api/auth/devices/:device',
  access: 'session',
  summary: 'Name an own device.',
  request: z.strictObject({ name: z.string().min(1).max(limits.deviceNameMaxChars) }),
})
