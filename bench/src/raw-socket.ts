import { openChatSocket } from './load/chat-socket.ts'
import { frameOf } from './load/raw-socket.ts'

export interface RawSocket {
  write(frame: Buffer): void
}

export const maskedFrame = (packet: Uint8Array): Buffer => frameOf(packet)

export async function openRawSocket(options: {
  port: number
  origin: string
  ticket: string
  onPacket: (packet: Buffer) => void
}): Promise<RawSocket> {
  const socket = await openChatSocket({ ...options, onEvent: () => undefined })
  return socket.raw
}
