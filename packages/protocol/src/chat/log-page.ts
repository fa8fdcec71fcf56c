import { z } from 'zod'
import { limits } from '../limits.ts'
import { defineRoute } from '../route.ts'

/** `after`: ascending from after + 1. `before`: the page that ends at before − 1, ascending too. Exactly one of both. */
export const logPageQuerySchema = z
  .strictObject({
    after: z.coerce.number().int().min(0).optional(),
    before: z.coerce.number().int().min(1).optional(),
    limit: z.coerce.number().int().min(1).max(limits.catchUpPageEntries).optional(),
  })
  .refine((query) => (query.after === undefined) !== (query.before === undefined))

/** Answer: `encodeEntries` (entry.ts), only of the caller's membership interval; the last page is shorter than `limit`. */
export const logPage = defineRoute({
  name: 'logPage',
  method: 'GET',
  path: '/api/chat/conversations/:conversation/log',
  access: 'session',
  summary: 'A page of the log.',
  replyForm: 'bytes',
})
