import { z } from 'zod'
import { defineRoute } from '../route.ts'

/** What a client needs to know before anybody is signed in. */
export const serverInfo = defineRoute({
  name: 'serverInfo',
  method: 'GET',
  path: '/api/auth/server',
  access: 'public',
  summary: 'Name, registration mode and protocol version of this server.',
  reply: z.strictObject({
    name: z.string(),
    registration: z.enum(['open', 'invite-only']),
    protocolVersion: z.int(),
    version: z.string(),
  }),
})

/** RFC 7517. */
export const jwks = defineRoute({
  name: 'jwks',
  method: 'GET',
  path: '/api/auth/jwks',
  access: 'public',
  summary: 'The public keys that verify tokens.',
  reply: z.looseObject({ keys: z.array(z.looseObject({})) }),
})

export const openApi = defineRoute({
  name: 'openApi',
  method: 'GET',
  path: '/api/auth/openapi.json',
  access: 'public',
  summary: 'This interface as an OpenAPI 3.1 document.',
  reply: z.looseObject({}),
})
