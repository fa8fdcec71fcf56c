/**
 * A WebSocket client (RFC 6455) on a bare TCP socket: an ordinary client costs more per message than the server under
 * test and would become what is measured. Frames are masked with zeros, so that a prepared frame is sent as it is.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface RawSocket {
  /** A whole client frame, as `clientFrame` makes it. */
  write(frame: Buffer): void
  readonly open: boolean
  close(): void
}

export interface RawSocketOptions {
  readonly port: number
  readonly path: string
  readonly origin: string
  /** Subprotocols to offer. */
  readonly protocols?: readonly string[] | undefined
  /** A view that is valid only during the call. */
  readonly onMessage: (payload: Buffer, isText: boolean) => void
  readonly onClose?: (() => void) | undefined
}

const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9
const FINAL = 0x80
const MASKED = 0x80

/** Room for the header and `size` bytes of payload; the payload begins at `offset`. */
export function clientFrame(
  size: number,
  opcode: 1 | 2 | 8 | 10 = BINARY,
): { frame: Buffer; offset: number } {
  const lengthBytes = size < 126 ? 0 : size < 65_536 ? 2 : 8
  const offset = 2 + lengthBytes + 4
  const frame = Buffer.alloc(offset + size)
  frame[0] = FINAL | opcode
  frame[1] = MASKED | (lengthBytes === 0 ? size : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) frame.writeUInt16BE(size, 2)
  if (lengthBytes === 8) frame.writeBigUInt64BE(BigInt(size), 2)
  return { frame, offset }
}

export function frameOf(payload: Uint8Array, opcode: 1 | 2 | 8 | 10 = BINARY): Buffer {
  const { frame, offset } = clientFrame(payload.length, opcode)
  frame.set(payload, offset)
  return frame
}

export function openRawSocket(options: RawSocketOptions): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const tcp = connect({ port: options.port, host: '127.0.0.1', noDelay: true })
    const raw: RawSocket = {
      write: (frame) => void tcp.write(frame),
      get open() {
        return tcp.writable
      },
      close: () => tcp.destroy(),
    }
    tcp.once('connect', () => tcp.write(upgradeRequest(options)))
    tcp.once('error', reject)
    tcp.once('close', () => {
      reject(new Error('the socket was closed'))
      options.onClose?.()
    })
    readUpgrade(tcp, (rest, refusal) => {
      if (refusal !== undefined) {
        tcp.destroy()
        reject(new Error(refusal))
        return
      }
      const read = createFrameReader(options, raw)
      tcp.on('data', read)
      if (rest.length > 0) read(rest)
      resolve(raw)
    })
  })
}

function upgradeRequest({ port, path, origin, protocols = [] }: RawSocketOptions): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${String(port)}`,
    `Origin: ${origin}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...(protocols.length === 0 ? [] : [`Sec-WebSocket-Protocol: ${protocols.join(', ')}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

function readUpgrade(tcp: Socket, done: (rest: Buffer, refusal?: string) => void): void {
  let head: Buffer = Buffer.alloc(0)
  const read = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    tcp.off('data', read)
    const status = head.toString('latin1', 0, head.indexOf('\r\n'))
    if (status.includes(' 101 ')) done(head.subarray(end + 4))
    else done(Buffer.alloc(0), `not a WebSocket: ${status}`)
  }
  tcp.on('data', read)
}

/** Cuts the server's frames (never masked, never fragmented) out of the stream. */
function createFrameReader({ onMessage }: RawSocketOptions, raw: RawSocket): (chunk: Buffer) => void {
  let kept: Buffer | undefined
  return (chunk) => {
    const bytes = kept === undefined ? chunk : Buffer.concat([kept, chunk])
    let at = 0
    for (;;) {
      const frame = frameAt(bytes, at)
      if (frame === undefined) break
      const payload = bytes.subarray(frame.start, frame.end)
      at = frame.end
      if (frame.opcode === PING) raw.write(frameOf(payload, 10))
      else if (frame.opcode === CLOSE) raw.close()
      else if (frame.opcode === TEXT || frame.opcode === BINARY) onMessage(payload, frame.opcode === TEXT)
    }
    kept = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at))
  }
}

function frameAt(bytes: Buffer, at: number): { opcode: number; start: number; end: number } | undefined {
  if (bytes.length < at + 2) return undefined
  const opcode = bytes.readUInt8(at) & 0x0f
  const short = bytes.readUInt8(at + 1) & 0x7f
  const header = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < at + header) return undefined
  const size =
    header === 2 ? short : header === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  const end = at + header + size
  return bytes.length < end ? undefined : { opcode, start: at + header, end }
}
