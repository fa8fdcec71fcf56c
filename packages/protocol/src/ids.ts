/** Identifiers: 128 random bits, written as 22 letters of base64url in JSON and as 16 raw bytes in binary formats. */
import { z } from 'zod'
import { decodeBase64Url, encodeBase64Url, MalformedError, type Bytes } from './bytes.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type AccountId = Branded<'AccountId'>
export type DeviceId = Branded<'DeviceId'>
export type ConversationId = Branded<'ConversationId'>
/** One life of a server's log: `chat/log-incarnation.ts`. */
export type LogIncarnation = Branded<'LogIncarnation'>
export type AnyId = AccountId | DeviceId | ConversationId | LogIncarnation

export const idBytes = 16

/** The last of 22 letters carries 2 bits, so only A, Q, g and w are canonical there. */
const ID_PATTERN = /^[A-Za-z0-9_-]{21}[AQgw]$/

/** Makes an id from 16 random bytes. */
export function idFromBytes<Id extends AnyId>(bytes: Uint8Array): Id {
  if (bytes.length !== idBytes) throw new MalformedError('an id has 16 bytes')
  return encodeBase64Url(bytes) as Id
}

export function idToBytes(id: AnyId): Bytes {
  return decodeBase64Url(id)
}

/** From untrusted text; throws `MalformedError`. */
export function parseId<Id extends AnyId>(text: string): Id {
  if (!ID_PATTERN.test(text)) throw new MalformedError('not an id')
  return text as Id
}

function idSchema<Id extends AnyId>() {
  return z.string().regex(ID_PATTERN) as unknown as z.ZodType<Id, string>
}

export const accountIdSchema = idSchema<AccountId>()
export const deviceIdSchema = idSchema<DeviceId>()
export const conversationIdSchema = idSchema<ConversationId>()
export const logIncarnationSchema = idSchema<LogIncarnation>()

/**
 * A message's own name, known before the server's answer: the sending device and that device's rising counter.
 * Replies, edits and reactions refer to it.
 */
export interface ClientId {
  readonly device: DeviceId
  readonly counter: number
}
