/** From the names and payloads on the wire to typed events and back. */
import {
  cardEventSchema,
  contactsEventSchema,
  decodeAppended,
  decodeEntry,
  decodeFromEphemeral,
  encodeAppend,
  encodeToEphemeral,
  errorBodySchema,
  headsEventSchema,
  keyPackagesEventSchema,
  MalformedError,
  presenceEventSchema,
  receiptsEventSchema,
  toDevice,
} from '@brieftaube/protocol'
import { z } from 'zod'
import type { SocketEvents, SocketRequests } from './socket-types.ts'

export const eventNames = Object.keys(toDevice) as readonly (keyof SocketEvents)[]

type Decoders = { readonly [Name in keyof SocketEvents]: (payload: unknown) => SocketEvents[Name] }

const decoders: Decoders = {
  entry: binary(decodeEntry),
  appended: binary(decodeAppended),
  ephemeral: binary(decodeFromEphemeral),
  heads: json(headsEventSchema),
  receipts: json(receiptsEventSchema),
  presence: json(presenceEventSchema),
  welcome: json(z.record(z.string(), z.never())),
  contacts: json(contactsEventSchema),
  card: json(cardEventSchema),
  keyPackages: json(keyPackagesEventSchema),
  refused: json(errorBodySchema),
}

/** undefined when it does not fit: the event is dropped, and the log is what counts. */
export function decodeEvent<Name extends keyof SocketEvents>(
  name: Name,
  payload: unknown,
): SocketEvents[Name] | undefined {
  try {
    return decoders[name](payload)
  } catch (error) {
    if (error instanceof MalformedError || error instanceof z.ZodError) return undefined
    throw error
  }
}

/** The payload of a request as it is emitted. */
export function encodeRequest<Name extends keyof SocketRequests>(
  name: Name,
  request: SocketRequests[Name],
): unknown {
  if (name === 'append') return encodeAppend(request as SocketRequests['append'])
  if (name === 'ephemeral') return encodeToEphemeral(request as SocketRequests['ephemeral'])
  return request
}

function binary<Value>(decode: (bytes: Uint8Array) => Value): (payload: unknown) => Value {
  return (payload) => {
    if (!(payload instanceof Uint8Array)) throw new MalformedError('bytes expected')
    return decode(payload)
  }
}

function json<Value>(schema: z.ZodType<Value>): (payload: unknown) => Value {
  return (payload) => schema.parse(payload ?? {})
}
