/**
 * The Socket.IO packet on the wire: one binary WebSocket message each, so that an entry costs one frame and its bytes
 * are the same for every recipient.
 *
 * type u8 · id u32 (0xffffffff: none) · form u8 · namespace is always "/"
 *   form 0: the packet's data as JSON (UTF-8), possibly empty
 *   form 1: [name, bytes]: name length u8 · name (ASCII) · bytes to the end; an empty name stands for an ack's [bytes]
 *
 * Types are those of the Socket.IO protocol, revision 5.
 */
import { decodeText, encodeText, MalformedError, type Bytes } from './bytes.ts'

export interface SocketPacket {
  readonly type: number
  readonly nsp: string
  readonly id?: number | undefined
  readonly data?: unknown
}

const NO_ID = 0xffffffff
const JSON_FORM = 0
const BYTES_FORM = 1
const HEADER_BYTES = 6
const LAST_TYPE = 4
const EVENT = 2
const ACK = 3

/** `headroomBytes` stay free before the packet, for a transport that puts its own header there. */
export function encodePacket(packet: SocketPacket, headroomBytes = 0): Bytes {
  const bytes = bytesOf(packet.data)
  if (bytes === undefined) {
    const json = packet.data === undefined ? new Uint8Array(0) : encodeText(JSON.stringify(packet.data))
    return frame(packet, JSON_FORM, { parts: [json], headroomBytes })
  }
  const name = encodeText(bytes.name)
  if (name.length > 255) throw new RangeError('the name is too long')
  return frame(packet, BYTES_FORM, {
    parts: [Uint8Array.of(name.length), name, bytes.payload],
    headroomBytes,
  })
}

/** Throws `MalformedError`. The bytes of form 1 are a view into `message`, not a copy. */
export function decodePacket(message: Uint8Array): SocketPacket {
  if (message.length < HEADER_BYTES) throw new MalformedError('truncated packet')
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength)
  const type = view.getUint8(0)
  if (type > LAST_TYPE) throw new MalformedError('unknown packet type')
  const id = view.getUint32(1)
  const data = decodeData(message.subarray(HEADER_BYTES), view.getUint8(5))
  if ((type === EVENT || type === ACK) && !Array.isArray(data))
    throw new MalformedError('an event carries an array')
  if (type === EVENT && typeof (data as unknown[])[0] !== 'string')
    throw new MalformedError('an event has a name')
  return { type, nsp: '/', ...(id === NO_ID ? {} : { id }), ...(data === undefined ? {} : { data }) }
}

function decodeData(rest: Uint8Array, form: number): unknown {
  if (form === JSON_FORM) return rest.length === 0 ? undefined : parseJson(decodeText(rest))
  if (form !== BYTES_FORM) throw new MalformedError('unknown packet form')
  const nameLength = rest[0]
  if (nameLength === undefined || rest.length < 1 + nameLength) throw new MalformedError('truncated name')
  const name = decodeText(rest.subarray(1, 1 + nameLength))
  const payload = rest.subarray(1 + nameLength)
  return name === '' ? [payload] : [name, payload]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedError('not JSON')
  }
}

function bytesOf(data: unknown): { name: string; payload: Uint8Array } | undefined {
  if (!Array.isArray(data)) return undefined
  const [first, second] = data as unknown[]
  if (data.length === 1 && first instanceof Uint8Array) return { name: '', payload: first }
  if (data.length === 2 && typeof first === 'string' && second instanceof Uint8Array)
    return { name: first, payload: second }
  return undefined
}

function frame(
  packet: SocketPacket,
  form: number,
  { parts, headroomBytes }: { parts: readonly Uint8Array[]; headroomBytes: number },
): Bytes {
  const size = parts.reduce((sum, part) => sum + part.length, headroomBytes + HEADER_BYTES)
  const message = new Uint8Array(size)
  const view = new DataView(message.buffer)
  view.setUint8(headroomBytes, packet.type)
  view.setUint32(headroomBytes + 1, packet.id ?? NO_ID)
  view.setUint8(headroomBytes + 5, form)
  let offset = headroomBytes + HEADER_BYTES
  for (const part of parts) {
    message.set(part, offset)
    offset += part.length
  }
  return message
}
