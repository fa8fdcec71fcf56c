/** A device's socket: Engine.IO and Socket.IO as far as the chat service needs them, on raw frames. */
import { encodePacket, protocolVersion, socketPath, socketProtocols, socketQuery } from '@brieftaube/protocol'
import { clientFrame, frameOf, openRawSocket, type RawSocket } from './raw-socket.ts'

export interface ChatSocket {
  readonly raw: RawSocket
  close(): void
}

/** The bytes of an event, valid only during the call; of an event of JSON the name alone. */
type OnEvent = (name: string, bytes: Buffer) => void

export interface ChatSocketOptions {
  readonly port: number
  readonly origin: string
  readonly ticket: string
  readonly onEvent: OnEvent
  readonly onPacket?: ((packet: Buffer) => void) | undefined
}

const CONNECT = 0
const CONNECT_ERROR = 4
const HEADER_BYTES = 6
const BYTES_FORM = 1
/** Events of bytes by the length of their name. */
const names = new Map(['entry', 'appended', 'ephemeral'].map((name) => [name.length, name]))
const pong = frameOf(Buffer.from('3'), 1)

export function openChatSocket(options: ChatSocketOptions): Promise<ChatSocket> {
  return new Promise((resolve, reject) => {
    let connected: ((socket: ChatSocket) => void) | undefined = resolve
    const onMessage = (payload: Buffer, isText: boolean): void => {
      if (isText) {
        if (payload[0] === 0x30) raw?.write(handshake())
        else if (payload[0] === 0x32) raw?.write(pong)
        return
      }
      if (connected === undefined) {
        options.onPacket?.(payload)
        passOn(payload, options.onEvent)
        return
      }
      if (payload[0] === CONNECT && raw !== undefined) connected({ raw, close: raw.close })
      else if (payload[0] === CONNECT_ERROR) reject(new Error(payload.toString('utf8', HEADER_BYTES)))
      connected = undefined
    }
    let raw: RawSocket | undefined
    const early: [Buffer, boolean][] = []
    openRawSocket({
      port: options.port,
      origin: options.origin,
      path: `${socketPath}/?${socketQuery}`,
      protocols: socketProtocols(options.ticket),
      onMessage: (payload, isText) =>
        raw === undefined ? void early.push([Buffer.from(payload), isText]) : onMessage(payload, isText),
      onClose: () => {
        reject(new Error('closed before it was connected'))
        if (connected === undefined) options.onEvent('closed', Buffer.alloc(0))
      },
    }).then((opened) => {
      raw = opened
      for (const [payload, isText] of early) onMessage(payload, isText)
    }, reject)
  })
}

function handshake(): Buffer {
  return frameOf(encodePacket({ type: CONNECT, nsp: '/', data: { version: protocolVersion } }))
}

function passOn(payload: Buffer, onEvent: OnEvent): void {
  if (payload[5] !== BYTES_FORM) {
    const [name] = JSON.parse(payload.toString('utf8', HEADER_BYTES)) as unknown[]
    if (typeof name === 'string') onEvent(name, Buffer.alloc(0))
    return
  }
  const nameLength = payload[HEADER_BYTES] ?? 0
  onEvent(names.get(nameLength) ?? '', payload.subarray(HEADER_BYTES + 1 + nameLength))
}

/** A prepared frame of an event of bytes; copies of it differ in what `patch` writes. */
export function eventFrame(name: string, bytes: Uint8Array): { frame: Buffer; offset: number } {
  const packet = encodePacket({ type: 2, nsp: '/', data: [name, bytes] })
  const { frame, offset } = clientFrame(packet.length)
  frame.set(packet, offset)
  return { frame, offset: offset + HEADER_BYTES + 1 + name.length }
}
