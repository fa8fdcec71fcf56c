import { z } from 'zod'
import { defineRoute, timestampSchema } from '../route.ts'

/** A JWT of its own audience, 30 s, single use; it opens or renews the socket. */
export const socketTicket = defineRoute({
  name: 'socketTicket',
  method: 'POST',
  path: '/api/auth/socket-ticket',
  access: 'session',
  rate: 'socketPerDevice',
  summary: 'A one-time ticket for the socket.',
  reply: z.strictObject({ ticket: z.string(), expiresAt: timestampSchema }),
})
