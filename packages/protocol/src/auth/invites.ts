import { z } from 'zod'
import { defineRoute, timestampSchema } from '../route.ts'

export const inviteSchema = z.strictObject({
  code: z.string(),
  expiresAt: timestampSchema,
  usesLeft: z.int().min(0),
})

export const inviteCreate = defineRoute({
  name: 'inviteCreate',
  method: 'POST',
  path: '/api/auth/invites',
  access: 'admin',
  summary: 'Create an invitation.',
  request: z.strictObject({
    uses: z.int().min(1).max(1000),
    expiresInMs: z
      .int()
      .min(60_000)
      .max(90 * 86_400_000),
  }),
  reply: inviteSchema,
})

export const inviteList = defineRoute({
  name: 'inviteList',
  method: 'GET',
  path: '/api/auth/invites',
  access: 'admin',
  summary: 'The invitations that still work.',
  reply: z.strictObject({ invites: z.array(inviteSchema) }),
})

export const inviteRemove = defineRoute({
  name: 'inviteRemove',
  method: 'DELETE',
  path: '/api/auth/invites/:code',
  access: 'admin',
  summary: 'Withdraw an invitation.',
})
