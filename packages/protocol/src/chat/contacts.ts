import { z } from 'zod'
import { accountIdSchema } from '../ids.ts'
import { defineRoute, timestampSchema } from '../route.ts'

/** outgoing: asked, waiting · incoming: was asked · accepted · blocked: by the own account; the other side sees nothing of it. */
export const contactStateSchema = z.enum(['outgoing', 'incoming', 'accepted', 'blocked'])
export type ContactState = z.infer<typeof contactStateSchema>

export const contactSchema = z.strictObject({
  account: accountIdSchema,
  state: contactStateSchema,
  since: timestampSchema,
})
export type Contact = z.infer<typeof contactSchema>

export const contactList = defineRoute({
  name: 'contactList',
  method: 'GET',
  path: '/api/chat/contacts',
  access: 'session',
  summary: 'The contacts of the account, requests and blocks included.',
  reply: z.strictObject({ contacts: z.array(contactSchema) }),
})

/**
 * request: ask (accepts at once where the other has asked already) · accept · decline (the asker keeps seeing
 * "outgoing") · block · unblock · remove.
 */
export const contactChange = defineRoute({
  name: 'contactChange',
  method: 'POST',
  path: '/api/chat/contacts/:account',
  access: 'session',
  rate: 'contactRequest',
  summary: 'Ask, accept, decline, block, unblock or remove a contact.',
  request: z.strictObject({ action: z.enum(['request', 'accept', 'decline', 'block', 'unblock', 'remove']) }),
  reply: z.strictObject({ contact: contactSchema.optional() }),
})
