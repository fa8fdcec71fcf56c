/**
 * The socket: Socket.IO at `socketPath`, WebSocket only, namespace "/", frames as in packet.ts. Its ticket is presented
 * with the upgrade (`socketProtocols`), which is refused by HTTP. Handshake auth: {version, log?}; what is wrong with
 * that arrives as connect_error with `data: ErrorBody`.
 */
import { z } from 'zod'
import { Reader, Writer, type Bytes } from '../bytes.ts'
import { errorBodySchema } from '../errors.ts'
import {
  accountIdSchema,
  conversationIdSchema,
  idBytes,
  idFromBytes,
  idToBytes,
  logIncarnationSchema,
  type ConversationId,
  type DeviceId,
} from '../ids.ts'
import { limits } from '../limits.ts'
import { receiptSchema } from './conversations.ts'

export const socketPath = '/api/chat/socket'

/** The query of the upgrade, and no other. */
export const socketQuery = 'EIO=4&transport=websocket'

/** The subprotocol that is spoken (RFC 6455 section 1.9). */
export const socketProtocol = 'brieftaube'
const ticketPrefix = 'ticket.'
const offer = /^brieftaube, ?ticket\.([A-Za-z0-9_.-]+)$/

/**
 * What a client offers in `Sec-WebSocket-Protocol`: browsers can set no other header of an upgrade, and an address with
 * the ticket in it would stand in the logs of every proxy on the way.
 */
export function socketProtocols(ticket: string): string[] {
  return [socketProtocol, `${ticketPrefix}${ticket}`]
}

/** The ticket in such a header. */
export function ticketOf(header: string | undefined): string | undefined {
  const ticket = offer.exec(header ?? '')?.[1]
  return ticket !== undefined && ticket.length <= limits.tokenMaxBytes ? ticket : undefined
}

export const handshakeSchema = z.strictObject({
  version: z.int(),
  /** `log-incarnation.ts`; absent on a device that knows no log yet. */
  log: logIncarnationSchema.optional(),
})

/** Device → server. */
export const toServer = {
  /** Binary `Append`; answered in a coalesced `appended`. */
  append: 'append',
  /** JSON; the own cursors, latest wins. */
  receipt: 'receipt',
  /** Binary `ToEphemeral`: typing and the like; never stored. */
  ephemeral: 'ephemeral',
  /** JSON; which conversation is on screen: typing arrives for that one only. */
  openConversation: 'open-conversation',
  /** JSON; whose presence this device shows; accepted contacts only. */
  watchPresence: 'watch-presence',
  /** JSON with ack: a fresh ticket before the old one's `until`. Ack: `renewedSchema`. */
  renew: 'renew',
} as const

/** Server → device. */
export const toDevice = {
  /** Binary `Entry`; a hint that carries the entry itself. */
  entry: 'entry',
  /** Binary `Appended[]`. */
  appended: 'appended',
  /** JSON: heads moved, read the log (slow socket, lost hint, new conversation). */
  heads: 'heads',
  receipts: 'receipts',
  /** Binary `FromEphemeral`. */
  ephemeral: 'ephemeral',
  presence: 'presence',
  /** JSON {}: fetch the Welcomes. */
  welcome: 'welcome',
  /** JSON {version}: fetch the contacts. */
  contacts: 'contacts',
  /** JSON {conversation, version}: a card changed. */
  card: 'card',
  /** JSON {suite, left}: refill. */
  keyPackages: 'key-packages',
  /** JSON `ErrorBody`: what a request without ack did wrong; the last words before a close too. */
  refused: 'refused',
} as const

export const receiptEventSchema = z.strictObject({
  conversation: conversationIdSchema,
  delivered: z.int().min(0).optional(),
  read: z.int().min(0).optional(),
})
export const openConversationSchema = z.strictObject({ conversation: conversationIdSchema.nullable() })
export const watchPresenceSchema = z.strictObject({ accounts: z.array(accountIdSchema).max(500) })
export const renewSchema = z.strictObject({ ticket: z.string().max(limits.tokenMaxBytes) })
export const renewedSchema = z.union([
  z.strictObject({ until: z.int() }),
  z.strictObject({ error: errorBodySchema }),
])

export const headsEventSchema = z.strictObject({
  heads: z.array(
    z.strictObject({ conversation: conversationIdSchema, generation: z.int().min(0), seq: z.int().min(0) }),
  ),
})
export const receiptsEventSchema = z.strictObject({ receipts: z.array(receiptSchema) })
export const presenceEventSchema = z.strictObject({
  presence: z.array(z.strictObject({ account: accountIdSchema, online: z.boolean() })),
})
export const contactsEventSchema = z.strictObject({ version: z.int() })
export const cardEventSchema = z.strictObject({ conversation: conversationIdSchema, version: z.int() })
export const keyPackagesEventSchema = z.strictObject({ suite: z.int(), left: z.int() })

/** conversation 16 · generation u32 · epoch u64 · sealed rest */
export interface ToEphemeral {
  readonly conversation: ConversationId
  readonly generation: number
  readonly epoch: number
  readonly sealed: Bytes
}

/** device 16 · then as `ToEphemeral` */
export interface FromEphemeral extends ToEphemeral {
  readonly device: DeviceId
}

export function encodeToEphemeral(event: ToEphemeral): Bytes {
  return new Writer(64 + event.sealed.length)
    .raw(idToBytes(event.conversation))
    .u32(event.generation)
    .u64(event.epoch)
    .block(event.sealed)
    .finish()
}

/** Throws `MalformedError`. */
export function decodeToEphemeral(bytes: Uint8Array): ToEphemeral {
  const reader = new Reader(bytes)
  const event = readEphemeral(reader)
  reader.end()
  return event
}

export function encodeFromEphemeral(event: FromEphemeral): Bytes {
  return new Writer(80 + event.sealed.length)
    .raw(idToBytes(event.device))
    .raw(encodeToEphemeral(event))
    .finish()
}

/** Throws `MalformedError`. */
export function decodeFromEphemeral(bytes: Uint8Array): FromEphemeral {
  const reader = new Reader(bytes)
  const device = idFromBytes<DeviceId>(reader.raw(idBytes))
  const event = { device, ...readEphemeral(reader) }
  reader.end()
  return event
}

function readEphemeral(reader: Reader): ToEphemeral {
  return {
    conversation: idFromBytes<ConversationId>(reader.raw(idBytes)),
    generation: reader.u32(),
    epoch: reader.u64(),
    sealed: reader.block(limits.ephemeralMaxBytes),
  }
}
