/**
 * A server's WebSocket frame (RFC 6455 section 5.2: final, binary, unmasked) around a Socket.IO packet, made once and
 * written to every recipient as it is.
 */
import { encodePacket } from '@brieftaube/protocol'

const FINAL_BINARY = 0x82
const EVENT = 2
const ACK = 3

export function frameOf(message: Uint8Array): Buffer {
  const size = message.length
  const headerBytes = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const frame = Buffer.allocUnsafe(headerBytes + size)
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
  frame.set(message, headerBytes)
  return frame
}

/** Binary or JSON by what the payload is. */
export function eventPacket(name: string, payload: object): Uint8Array {
  return encodePacket({ type: EVENT, nsp: '/', data: [name, payload] })
}

export function eventFrame(name: string, payload: object): Buffer {
  return frameOf(eventPacket(name, payload))
}

export function ackFrame(id: number, payload: object): Buffer {
  return frameOf(encodePacket({ type: ACK, nsp: '/', id, data: [payload] }))
}
