/**
 * Between the services, never through the gateway: what ended. The chat service polls it (every `revocationPollMs`, and
 * at once on a hint through the cache), remembers its cursor and acts on each row exactly once.
 */
import { z } from 'zod'
import { accountIdSchema, deviceIdSchema } from '../ids.ts'
import { limits } from '../limits.ts'
import { base64UrlSchema, timestampSchema } from '../route.ts'

export const revocationsPath = '/internal/auth/revocations'
/** Carries the secret that the two services share. */
export const internalSecretHeader = 'x-brieftaube-internal'
/** The cache channel of the hint; its payload is empty. */
export const revocationsHint = 'revocations'

export const revocationSchema = z.strictObject({
  id: z.int().min(1),
  /** session-ended: tokens issued before `at` are dead. device-revoked: the device is gone for good. account-disabled: all its devices. */
  kind: z.enum(['session-ended', 'device-revoked', 'account-disabled']),
  account: accountIdSchema,
  device: deviceIdSchema.optional(),
  at: timestampSchema,
  statement: base64UrlSchema(limits.noticeMaxBytes).optional(),
})
export type Revocation = z.infer<typeof revocationSchema>

export const revocationPageSchema = z.strictObject({ revocations: z.array(revocationSchema) })
