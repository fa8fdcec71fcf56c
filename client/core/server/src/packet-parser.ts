/** The protocol's packet form as the parser that the Socket.IO client asks for (its option `parser`). */
import { decodePacket, encodePacket, MalformedError, type SocketPacket } from '@brieftaube/protocol'

type Listener = (packet: SocketPacket) => void

class Encoder {
  encode(packet: SocketPacket): Uint8Array[] {
    return [encodePacket(packet)]
  }
}

/** The client closes the connection when `add` throws. */
class Decoder {
  readonly #listeners = new Set<Listener>()

  add(message: unknown): void {
    const packet = decodePacket(bytesOf(message))
    for (const listener of [...this.#listeners]) listener(packet)
  }

  on(_event: string, listener: Listener): void {
    this.#listeners.add(listener)
  }

  off(_event: string, listener: Listener): void {
    this.#listeners.delete(listener)
  }

  destroy(): void {
    this.#listeners.clear()
  }
}

function bytesOf(message: unknown): Uint8Array {
  if (message instanceof ArrayBuffer) return new Uint8Array(message)
  if (message instanceof Uint8Array) return message
  throw new MalformedError('a packet is binary')
}

export const packetParser = { Encoder, Decoder }
