import { defineRoute } from '../route.ts'
import { newDeviceSchema, sessionSchema } from './session.ts'

export const deviceEnrol = defineRoute({
  name: 'deviceEnrol',
  method: 'POST',
  path: '/api/auth/devices',
  access: 'enrolment',
  summary: 'Enrol this device with its certificate and open its session.',
  request: newDeviceSchema,
  reply: sessionSchema,
})
