import { z } from 'zod'
import { deviceIdSchema } from '../ids.ts'
import { limits } from '../limits.ts'
import { base64UrlSchema, defineRoute, timestampSchema } from '../route.ts'

export const deviceSchema = z.strictObject({
  device: deviceIdSchema,
  name: z.string(),
  certificate: base64UrlSchema(limits.certificateMaxBytes),
  createdAt: timestampSchema,
  lastSeenAt: timestampSchema,
  current: z.boolean(),
})
export type DeviceInfo = z.infer<typeof deviceSchema>

export const deviceList = defineRoute({
  name: 'deviceList',
  method: 'GET',
  path: '/api/auth/devices',
  access: 'session',
  summary: 'The devices of the own account.',
  reply: z.strictObject({ devices: z.array(deviceSchema) }),
})
