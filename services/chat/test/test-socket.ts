/** A Socket.IO client from raw frames, which can also misbehave. */
import { once } from 'node:events'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  decodeAppended,
  decodeEntry,
  decodePacket,
  encodePacket,
  protocolVersion,
  socketPath,
  socketProtocols,
  socketQuery,
  toDevice,
  type Appended,
  type Entry,
  type SocketPacket,
} from '@brieftaube/protocol'
import WebSocket from 'ws'
import { origin } from './test-server.ts'

export interface TestSocket {
  readonly ws: WebSocket
  readonly entries: Entry[]
  readonly appended: Appended[]
  /** Everything else, by name. */
  readonly events: { readonly name: string; readonly payload: unknown }[]
  isOpen(): boolean
  emit(name: string, payload: unknown, id?: number): void
  /** With acknowledgement. */
  ask(name: string, payload: unknown): Promise<unknown>
  of(name: string): unknown[]
  raw(bytes: Uint8Array | string): void
  close(): void
}

export interface OpenOptions {
  readonly ticket: string
  readonly origin?: string | undefined
  readonly version?: number | undefined
  readonly auth?: unknown
}

export class RefusedError extends Error {
  readonly body: unknown
  constructor(body: unknown, status?: number) {
    super(`refused ${status ?? ''}`)
    this.body = body
  }
}

/** Resolves once the namespace is joined; rejects with `RefusedError`, by HTTP or later, or with the transport's error. */
export async function openSocket(port: number, options: OpenOptions): Promise<TestSocket> {
  const headers = options.origin === '' ? {} : { origin: options.origin ?? origin }
  const url = `ws://127.0.0.1:${port}${socketPath}/?${socketQuery}`
  const ws = new WebSocket(url, socketProtocols(options.ticket), { headers })
  const socket = wrap(ws)
  const auth = options.auth ?? { version: options.version ?? protocolVersion }
  await new Promise<void>((resolve, reject) => {
    ws.on('error', reject)
    ws.on('unexpected-response', (_request, response) => {
      json(response).then((body) => reject(new RefusedError(body, response.statusCode)), reject)
    })
    ws.on('close', (code) => reject(new Error(`closed ${code}`)))
    ws.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        if (data[0] === 0x30) ws.send(encodePacket({ type: 0, nsp: '/', data: auth }))
        if (data[0] === 0x32) ws.send('3')
        return
      }
      const packet = decodePacket(data)
      if (packet.type === 0) resolve()
      if (packet.type === 4) reject(new RefusedError((packet.data as { data: unknown }).data))
    })
  })
  return socket
}

function wrap(ws: WebSocket): TestSocket {
  const entries: Entry[] = []
  const appended: Appended[] = []
  const events: { name: string; payload: unknown }[] = []
  const waiting = new Map<number, (answer: unknown) => void>()
  let nextId = 1
  ws.on('message', (data: Buffer, isBinary) => {
    if (isBinary) receive(decodePacket(data), { entries, appended, events, waiting })
  })
  const emit = (name: string, payload: unknown, id?: number): void => {
    ws.send(encodePacket({ type: 2, nsp: '/', id, data: [name, payload] }))
  }
  return {
    ws,
    entries,
    appended,
    events,
    isOpen: () => ws.readyState === WebSocket.OPEN,
    emit,
    ask: (name, payload) =>
      new Promise((resolve) => {
        const id = nextId++
        waiting.set(id, resolve)
        emit(name, payload, id)
      }),
    of: (name) => events.filter((event) => event.name === name).map((event) => event.payload),
    raw: (bytes) => ws.send(bytes),
    close: () => ws.close(),
  }
}

interface Inbox {
  readonly entries: Entry[]
  readonly appended: Appended[]
  readonly events: { name: string; payload: unknown }[]
  readonly waiting: Map<number, (answer: unknown) => void>
}

function receive(packet: SocketPacket, inbox: Inbox): void {
  const data = packet.data as unknown[]
  if (packet.type === 3 && packet.id !== undefined) inbox.waiting.get(packet.id)?.(data[0])
  if (packet.type !== 2) return
  const [name, payload] = data as [string, unknown]
  if (name === toDevice.entry) inbox.entries.push(decodeEntry(payload as Uint8Array))
  else if (name === toDevice.appended) inbox.appended.push(...decodeAppended(payload as Uint8Array))
  else inbox.events.push({ name, payload })
}

export async function closed(socket: TestSocket, withinMs = 5000): Promise<void> {
  if (!socket.isOpen()) return
  await Promise.race([
    once(socket.ws, 'close'),
    sleep(withinMs).then(() => Promise.reject(new Error('still open'))),
  ])
}
