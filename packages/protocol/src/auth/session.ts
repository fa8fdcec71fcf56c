import { z } from 'zod'
import { accountIdSchema, deviceIdSchema } from '../ids.ts'
import { limits } from '../limits.ts'
import { base64UrlSchema, timestampSchema } from '../route.ts'

export const roleSchema = z.enum(['user', 'admin'])

/** What a device holds after signing in; the refresh token travels only in the `__Host-brieftaube-refresh` cookie. */
export const sessionSchema = z.strictObject({
  account: accountIdSchema,
  device: deviceIdSchema,
  role: roleSchema,
  accessToken: z.string(),
  expiresAt: timestampSchema,
})
export type Session = z.infer<typeof sessionSchema>

export const refreshCookie = '__Host-brieftaube-refresh'

/** A device as its owner presents it: Ed25519 public key and certificate (`device-certificate.ts`), both base64url. */
export const newDeviceSchema = z.strictObject({
  deviceKey: base64UrlSchema(32),
  certificate: base64UrlSchema(limits.certificateMaxBytes),
  name: z.string().min(1).max(limits.deviceNameMaxChars),
})

/** Lower-case letters, digits, dot, hyphen and underscore; begins and ends with a letter or digit. */
export const userNameSchema = z
  .string()
  .min(limits.userNameMinChars)
  .max(limits.userNameMaxChars)
  .regex(/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/)

export const vaultSchema = base64UrlSchema(limits.vaultMaxBytes)
export const opaqueSchema = base64UrlSchema(limits.opaqueMessageMaxBytes)
