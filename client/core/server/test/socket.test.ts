/** The socket against a small real Socket.IO server. */
import { connect as connectTcp, createServer, type AddressInfo, type Socket as TcpSocket } from 'node:net'
import { decodeAppend, encodeAppended, encodeEntry, type Append, type Entry } from '@brieftaube/protocol'
import { createSocket, type Socket, type SocketState } from '@brieftaube/server'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { startSocketServer, type SocketServer } from './socket-server.ts'
import { alice, phone, room } from './tokens.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]()
})

async function start(pings?: { pingInterval: number; pingTimeout: number }): Promise<SocketServer> {
  const server = await startSocketServer(pings)
  open.push(server)
  return server
}

function connect(
  server: SocketServer,
  options: { baseUrl?: string; random?: () => number } = {},
): Socket & { states: SocketState[] } {
  const socket = createSocket({ baseUrl: server.url, api: server.api, random: () => 0.05, ...options })
  open.push(socket)
  const states: SocketState[] = []
  socket.onState((state) => states.push(state))
  return Object.assign(socket, { states })
}

const isOnline = (socket: Socket) => () => {
  expect(socket.state().kind).toBe('online')
}
const entry: Entry = {
  conversation: room,
  generation: 0,
  seq: 1,
  epoch: 0,
  kind: 'message',
  device: phone,
  counter: 1,
  at: 5,
  mls: Uint8Array.of(1),
  body: Uint8Array.of(2),
}
const append: Append = {
  conversation: room,
  generation: 0,
  epoch: 0,
  counter: 4,
  mls: Uint8Array.of(9),
  body: new Uint8Array(500),
}

describe('the socket', { timeout: 20_000 }, () => {
  test('carries binary entries and appends without acks, and JSON events, both ways', async () => {
    const server = await start()
    const socket = connect(server)
    const received: unknown[] = []
    socket.on('entry', (event) => received.push(event))
    socket.on('appended', (event) => received.push(event[0]?.seq))
    socket.on('heads', (event) => received.push(event.heads[0]?.seq))
    expect(socket.send('append', append)).toBe(false)
    await vi.waitFor(isOnline(socket))
    const atServer = new Promise((resolve) => {
      server.sockets[0]?.on('append', (bytes: Uint8Array) => {
        resolve(decodeAppend(bytes))
      })
    })
    expect(socket.send('append', append)).toBe(true)
    expect(await atServer).toEqual(append)
    const presence = new Promise((resolve) => server.sockets[0]?.on('watch-presence', resolve))
    socket.send('watchPresence', { accounts: [alice] })
    expect(await presence).toEqual({ accounts: [alice] })
    const answer = {
      conversation: room,
      counter: 4,
      seq: 11,
      at: 1,
      generation: 0,
      epoch: 0,
      retryAfterMs: 0,
    }
    server.sockets[0]?.emit('entry', Buffer.from(encodeEntry(entry)))
    server.sockets[0]?.emit('entry', Buffer.from([1, 2, 3]))
    server.sockets[0]?.emit('heads', { heads: [{ conversation: room, generation: 0, seq: 12 }], surprise: 1 })
    server.sockets[0]?.emit('heads', { heads: [{ conversation: room, generation: 0, seq: 12 }] })
    server.sockets[0]?.emit('appended', Buffer.from(encodeAppended([answer])))
    await vi.waitFor(() => {
      expect(received).toEqual([entry, 12, 11])
    })
  })

  test('comes back by itself with a new ticket when the server drops it', async () => {
    const server = await start()
    const socket = connect(server)
    await vi.waitFor(isOnline(socket))
    server.sockets[0]?.conn.close()
    await vi.waitFor(() => {
      expect(socket.states.map((state) => state.kind)).toEqual(['online', 'offline', 'connecting', 'online'])
    })
    expect(new Set(server.presented).size).toBe(2)
  })

  test('waits longer and longer while nothing answers, and not at all when told to try', async () => {
    const server = await start()
    server.auth = 'away'
    const socket = connect(server, { random: () => 0.999 })
    await vi.waitFor(() => {
      expect(socket.state().kind).toBe('offline')
    })
    const state = socket.state()
    expect(state.kind === 'offline' ? state.retryAtMs - Date.now() : 0).toBeGreaterThan(800)
    server.auth = 'ok'
    socket.reconnect()
    await vi.waitFor(isOnline(socket), { timeout: 500 })
  })

  test('presents a fresh ticket before the time is up', async () => {
    const server = await start()
    server.ticketLifeMs = 2500
    const socket = connect(server)
    await vi.waitFor(() => {
      expect(server.renewed.length).toBeGreaterThanOrEqual(2)
    }, 8000)
    expect(server.sockets).toHaveLength(1)
    expect(socket.state().kind).toBe('online')
  })

  test('stops for good when the device was revoked', async () => {
    const server = await start()
    const socket = connect(server)
    await vi.waitFor(isOnline(socket))
    server.auth = 'revoked'
    server.sockets[0]?.emit('refused', { code: 'unauthenticated', message: 'revoked' })
    server.sockets[0]?.disconnect(true)
    await vi.waitFor(() => {
      expect(socket.state()).toEqual({ kind: 'stopped', reason: 'revoked' })
    })
    socket.reconnect()
    expect(socket.state().kind).toBe('stopped')
  })

  test('stops when the server asks for a newer client', async () => {
    const server = await start()
    server.refuse = { code: 'unsupported-version', message: 'reload' }
    const socket = connect(server)
    await vi.waitFor(() => {
      expect(socket.state()).toEqual({ kind: 'stopped', reason: 'unsupported-version' })
    })
  })

  test('finds a half-open connection by the missing pings, and at once when asked to look', async () => {
    const server = await start({ pingInterval: 200, pingTimeout: 300 })
    const proxy = await startFreezableProxy(Number(new URL(server.url).port))
    open.push(proxy)
    const socket = connect(server, { baseUrl: proxy.url })
    await vi.waitFor(isOnline(socket))
    proxy.freeze()
    const frozenAt = Date.now()
    await vi.waitFor(() => {
      expect(socket.state().kind).toBe('offline')
    }, 3000)
    expect(Date.now() - frozenAt).toBeLessThan(1500)
    await vi.waitFor(isOnline(socket), 3000)
  })

  test('replaces a connection that leads nowhere when the window says the network came back', async () => {
    const server = await start()
    const proxy = await startFreezableProxy(Number(new URL(server.url).port))
    open.push(proxy)
    const socket = connect(server, { baseUrl: proxy.url })
    await vi.waitFor(isOnline(socket))
    proxy.freeze()
    socket.reconnect()
    await vi.waitFor(() => {
      expect(server.sockets).toHaveLength(2)
    }, 8000)
    await vi.waitFor(isOnline(socket))
  })
})

/** Passes TCP on until it is frozen: then what is open stays open and silent. */
async function startFreezableProxy(port: number): Promise<AsyncDisposable & { url: string; freeze(): void }> {
  const pairs: TcpSocket[] = []
  const listener = createServer((near) => {
    const far = connectTcp(port, '127.0.0.1')
    for (const each of [near, far]) each.on('error', () => each.destroy())
    near.on('data', (data) => far.write(data))
    far.on('data', (data) => near.write(data))
    near.on('close', () => far.destroy())
    pairs.push(near, far)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    freeze() {
      for (const each of pairs) each.removeAllListeners('data').pause()
    },
    [Symbol.asyncDispose]() {
      for (const each of pairs) each.destroy()
      return new Promise((resolve) => {
        listener.close(() => {
          resolve()
        })
      })
    },
  }
}
