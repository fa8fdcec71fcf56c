/**
 * A server's WebSocket frame (RFC 6455 section 5.2: final, binary, unmasked) around a Socket.IO packet, made once and
 * written to every recipient as it is.
 */
import { encodePacket } from '@brieftaube/protocol'

const FINAL_BINARY = 0x82
const EVENT = 2
const ACK = 3

const MAX_HEADER_BYTES = 10

export function frameOf(message: Uint8Array): Buffer {
  const space = Buffer.allocUnsafe(MAX_HEADER_BYTES + message.length)
  space.set(message, MAX_HEADER_BYTES)
  return withHeader(space)
}

/** Puts the header right before the message, which begins at `MAX_HEADER_BYTES`; gives back both. */
function withHeader(space: Buffer): Buffer {
  const size = space.length - MAX_HEADER_BYTES
  const headerBytes = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = space.subarray(MAX_HEADER_BYTES - headerBytes)
  frame[0] = FINAL_BINARY
  if (headerBytes === 2) frame[1] = size
  else if (headerBytes === 4) {
    frame[1] = 126
    frame.writeUInt16BE(size, 2)
  } else {
    frame[1] = 127
    frame.writeUInt32BE(0, 2)
    frame.writeUInt32BE(size, 6)
  }
  return frame
}

/** A packet and the frame around it in one piece of memory: what the hot path hands to the fan-out. */
export function framedEvent(name: string, payload: object): { packet: Uint8Array; frame: Buffer } {
  const space = encodePacket({ type: EVENT, nsp: '/', data: [name, payload] }, MAX_HEADER_BYTES)
  return { packet: space.subarray(MAX_HEADER_BYTES), frame: withHeader(Buffer.from(space.buffer)) }
}

/** Binary or JSON by what the payload is. */
export function eventPacket(name: string, payload: object): Uint8Array {
  return encodePacket({ type: EVENT, nsp: '/', data: [name, payload] })
}

export function eventFrame(name: string, payload: object): Buffer {
  return framedEvent(name, payload).frame
}

export function ackFrame(id: number, payload: object): Buffer {
  return frameOf(encodePacket({ type: ACK, nsp: '/', id, data: [payload] }))
}
