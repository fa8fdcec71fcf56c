/**
 * Socket.IO's parser interface over the wire of `packet.ts`: one binary message per packet. Once a session stands on the
 * connection, events go to it directly, past Socket.IO's emitters, listeners and ticks.
 */
import { EventEmitter } from 'node:events'
import { decodePacket, encodePacket, MalformedError, type SocketPacket } from '@brieftaube/protocol'

const EVENT = 2

export class Encoder {
  encode(packet: SocketPacket): Uint8Array[] {
    return [Buffer.from(encodePacket(packet).buffer)]
  }
}

export type OnEvent = (data: readonly unknown[], id: number | undefined) => void

export class Decoder extends EventEmitter {
  /** Takes the connection's events. */
  onEvent: OnEvent | undefined

  add(message: unknown): void {
    if (!(message instanceof Uint8Array)) throw new MalformedError('text frame')
    const packet = decodePacket(message)
    if (packet.type === EVENT && this.onEvent !== undefined) {
      this.onEvent(packet.data as unknown[], packet.id)
      return
    }
    this.emit('decoded', packet)
  }

  destroy(): void {
    this.onEvent = undefined
  }
}
