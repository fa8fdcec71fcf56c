/** A text message: a subset of Markdown, mentions, and what it replies to. */
import { z } from 'zod'
import { accountIdSchema, conversationIdSchema, deviceIdSchema } from '@brieftaube/protocol'
import { textMaxBytes, mentionsMax } from './content-limits.ts'
import { utf8Bytes } from './utf8.ts'

/** Names a message by its client id; the conversation too, because a reply may quote from another one. */
export const messageReferenceSchema = z.strictObject({
  conversation: conversationIdSchema,
  device: deviceIdSchema,
  counter: z.int().min(0),
})
export type MessageReference = z.infer<typeof messageReferenceSchema>

export const textSchema = z.strictObject({
  kind: z.literal('text'),
  text: z
    .string()
    .min(1)
    .refine((text) => utf8Bytes(text) <= textMaxBytes, { error: 'text too long' }),
  mentions: z.array(accountIdSchema).max(mentionsMax).optional(),
  replyTo: messageReferenceSchema.optional(),
})
export type TextContent = z.infer<typeof textSchema>
