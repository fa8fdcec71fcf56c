import { z } from 'zod'
import { accountIdSchema, conversationIdSchema } from '../ids.ts'
import { limits } from '../limits.ts'
import { base64UrlSchema, defineRoute, timestampSchema } from '../route.ts'

/** Where a commit landed. */
export const committedSchema = z.strictObject({
  conversation: conversationIdSchema,
  generation: z.int().min(0),
  /** The epoch after the commit. */
  epoch: z.int().min(0),
  seq: z.int().min(0),
  at: timestampSchema,
})
export type Committed = z.infer<typeof committedSchema>

/**
 * `GroupCreation`. Adds only accepted contacts. The second of two direct conversations of the same pair gets `conflict`,
 * unless one of the two has left the first; `directConversation` names the one in which both are. Same bytes again: the
 * old answer.
 */
export const conversationCreate = defineRoute({
  name: 'conversationCreate',
  method: 'POST',
  path: '/api/chat/conversations',
  access: 'session',
  rate: 'commit',
  summary: 'Create a conversation, with its first commit.',
  requestForm: 'bytes',
  maxRequestBytes: limits.commitBundleMaxBytes,
  reply: committedSchema,
})

/** `GroupCreation` for generation + 1 of an existing conversation; the roster of accounts must stay the same or shrink. */
export const conversationReset = defineRoute({
  name: 'conversationReset',
  method: 'POST',
  path: '/api/chat/conversations/:conversation/resets',
  access: 'session',
  rate: 'commit',
  summary: 'Begin a new generation of a conversation.',
  requestForm: 'bytes',
  maxRequestBytes: limits.commitBundleMaxBytes,
  reply: committedSchema,
})

/** `CommitBundle`; compare-and-set on the epoch, the loser gets `stale-epoch` with the head. */
export const commitAppend = defineRoute({
  name: 'commitAppend',
  method: 'POST',
  path: '/api/chat/conversations/:conversation/commits',
  access: 'session',
  rate: 'commit',
  summary: 'Append a commit with its Welcome and GroupInfo.',
  requestForm: 'bytes',
  maxRequestBytes: limits.commitBundleMaxBytes,
  reply: committedSchema,
})

export const directConversation = defineRoute({
  name: 'directConversation',
  method: 'GET',
  path: '/api/chat/direct/:account',
  access: 'session',
  summary: 'The direct conversation with an account, if there is one that neither has left.',
  reply: z.strictObject({ conversation: conversationIdSchema.optional() }),
})

/** `statement`: the account key's signed leave (group-policy, notice). Revokes at once; a Remove follows by the others. */
export const conversationLeave = defineRoute({
  name: 'conversationLeave',
  method: 'POST',
  path: '/api/chat/conversations/:conversation/leave',
  access: 'session',
  summary: 'Leave a conversation.',
  request: z.strictObject({ statement: base64UrlSchema(limits.noticeMaxBytes) }),
})

/** A sealed note of the account about the conversation (title, later pins and mutes), under the history key. */
export const cardSet = defineRoute({
  name: 'cardSet',
  method: 'PUT',
  path: '/api/chat/conversations/:conversation/card',
  access: 'session',
  summary: 'Replace the account’s sealed card of a conversation if `version` is the stored one plus one.',
  request: z.strictObject({ version: z.int().min(1), card: base64UrlSchema(limits.cardMaxBytes) }),
})

/** A member's cursors; both only rise. */
export const receiptSchema = z.strictObject({
  conversation: conversationIdSchema,
  account: accountIdSchema,
  delivered: z.int().min(0),
  read: z.int().min(0),
})
export type Receipt = z.infer<typeof receiptSchema>
