import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { frameOf, openRawSocket } from '../src/load/raw-socket.ts'

let server: WebSocketServer
let port: number

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => {
  server.close()
})

async function connect() {
  const messages: [string, boolean][] = []
  const accepted = once(server, 'connection') as Promise<[WebSocket]>
  const raw = await openRawSocket({
    port,
    path: '/',
    origin: 'http://bench.invalid',
    onMessage: (payload, isText) => messages.push([payload.toString('latin1'), isText]),
  })
  const [peer] = await accepted
  return { raw, peer, messages }
}

test.each([0, 1, 125, 126, 65_535, 65_536, 200_000])(
  'a message of %d bytes arrives in both directions',
  async (size) => {
    const { raw, peer, messages } = await connect()
    const payload = Buffer.alloc(size, 'x')
    const received = once(peer, 'message') as Promise<[Buffer]>
    raw.write(frameOf(payload))
    expect((await received)[0].equals(payload)).toBe(true)
    peer.send(payload)
    await expect.poll(() => messages).toEqual([[payload.toString('latin1'), false]])
    raw.close()
  },
)

test('many messages in one piece, and one in many pieces, come out one by one', async () => {
  const { raw, peer, messages } = await connect()
  const sent = Array.from({ length: 500 }, (_, index) => `${String(index)}${'.'.repeat(index)}`)
  for (const text of sent) peer.send(text)
  await expect.poll(() => messages.length).toBe(sent.length)
  expect(messages).toEqual(sent.map((text) => [text, true]))
  raw.close()
})

test('a ping is answered, and a close ends the socket', async () => {
  const { raw, peer } = await connect()
  const pong = once(peer, 'pong')
  peer.ping('still there?')
  expect(String((await pong)[0])).toBe('still there?')
  peer.close()
  await expect.poll(() => raw.open).toBe(false)
})
