import { z } from 'zod'
import { conversationIdSchema, logIncarnationSchema } from '../ids.ts'
import { limits } from '../limits.ts'
import { base64UrlSchema, defineRoute } from '../route.ts'
import { receiptSchema } from './conversations.ts'

export const conversationHeadSchema = z.strictObject({
  conversation: conversationIdSchema,
  kind: z.enum(['direct', 'group']),
  generation: z.int().min(0),
  epoch: z.int().min(0),
  /** The last entry's number. */
  seq: z.int().min(0),
  /** The first entry that the account may read. */
  fromSeq: z.int().min(1),
  /** Whether this device is a leaf; if not it joins by Welcome or external commit. */
  joined: z.boolean(),
  suite: z.int(),
})
export type ConversationHead = z.infer<typeof conversationHeadSchema>

export const cardSchema = z.strictObject({
  conversation: conversationIdSchema,
  version: z.int().min(1),
  card: base64UrlSchema(limits.cardMaxBytes),
})
export type SealedCard = z.infer<typeof cardSchema>

/**
 * One request after being away: which of the account's conversations stand beyond the cursors, which are no longer its
 * own, and what changed in cards and receipts since `since` (the `now` of an earlier answer; 0: everything).
 */
export const sync = defineRoute({
  name: 'sync',
  method: 'POST',
  path: '/api/chat/sync',
  access: 'session',
  summary: 'What is new beyond the cursors.',
  maxRequestBytes: 1024 * 1024,
  request: z.strictObject({
    since: z.int().min(0),
    cursors: z.array(
      z.strictObject({ conversation: conversationIdSchema, generation: z.int().min(0), seq: z.int().min(0) }),
    ),
  }),
  reply: z.strictObject({
    /** Which life of the log this answer is about; never refused with `log-restored`. */
    log: logIncarnationSchema,
    now: z.int().min(0),
    /** Only those beyond the cursor, in another generation, unknown to the request or not joined. */
    conversations: z.array(conversationHeadSchema),
    gone: z.array(conversationIdSchema),
    cards: z.array(cardSchema),
    receipts: z.array(receiptSchema),
    welcomes: z.int().min(0),
    /** One-time key packages left by suite number. */
    keyPackages: z.record(z.string(), z.int().min(0)),
    /** Changes whenever contacts do. */
    contactsVersion: z.int().min(0),
  }),
})
