import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  encodeAppend,
  encodePacket,
  limits,
  protocolVersion,
  rates,
  socketPath,
  socketProtocols,
  socketQuery,
  toServer,
} from '@brieftaube/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { connect, createPerson, foundGroup, sealed, send, type Person } from './test-people.ts'
import { accessToken, origin, startTestChat, ticket, type TestChat } from './test-server.ts'
import { closed, openSocket, RefusedError } from './test-socket.ts'

let chat: TestChat
let alice: Person
beforeAll(async () => {
  chat = await startTestChat({
    rates: { ...rates, restPerDevice: { burst: 1e6, refillMs: 1, whenUncounted: 'local' } },
  })
  alice = await createPerson(chat)
})
afterAll(() => chat.close())

async function refusalOf(options: Parameters<typeof openSocket>[1]): Promise<unknown> {
  const error: unknown = await openSocket(chat.port, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof RefusedError)) throw new Error('not refused', { cause: error })
  return error.body
}

test('a ticket opens one socket, once', async () => {
  const once = ticket(alice)
  const socket = await openSocket(chat.port, { ticket: once })
  expect(await refusalOf({ ticket: once })).toMatchObject({ code: 'unauthenticated' })
  socket.close()
})

test('what is not a live ticket for the socket is refused', async () => {
  const now = Math.floor(Date.now() / 1000)
  const bad = {
    'an access token': accessToken(alice),
    'an expired one': ticket(alice, { iat: now - 60, exp: now - 30 }),
    'one of another audience': ticket(alice, { aud: 'brieftaube' }),
    'one with an unknown claim': ticket(alice, { admin: true }),
    'one whose session has ended': ticket(alice, { until: Date.now() - 1 }),
    'one with a changed letter': ticket(alice).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    nothing: '',
  }
  for (const [name, each] of Object.entries(bad))
    expect(await refusalOf({ ticket: each }), name).toMatchObject({ code: 'unauthenticated' })
  expect(
    await refusalOf({ ticket: ticket(alice), auth: { version: protocolVersion, more: true } }),
  ).toMatchObject({ code: 'malformed' })
  expect(await refusalOf({ ticket: ticket(alice), version: protocolVersion + 1 })).toMatchObject({
    code: 'unsupported-version',
  })
})

test.each(['https://evil.example', 'null', '', 'http://chat.example.org'])(
  'a page from %j cannot open a socket',
  async (foreign) => {
    const opening = openSocket(chat.port, { ticket: ticket(alice), origin: foreign })
    await expect(opening).rejects.toThrow('refused 403')
  },
)

test('polling is not offered, and a socket that says nothing is closed after 5 s', async () => {
  const polling = await fetch(`${chat.url}${socketPath}/?EIO=4&transport=polling`, { headers: { origin } })
  expect(polling.status).toBe(400)
  const ws = new WebSocket(
    `ws://127.0.0.1:${chat.port}${socketPath}/?${socketQuery}`,
    socketProtocols(ticket(alice)),
    { headers: { origin } },
  )
  const started = Date.now()
  await once(ws, 'close')
  expect(Date.now() - started).toBeGreaterThan(4000)
  expect(Date.now() - started).toBeLessThan(9000)
})

test('a device has at most five sockets; the oldest goes', async () => {
  const sockets = []
  for (let n = 0; n <= limits.socketsPerDevice; n++) sockets.push(await connect(alice))
  const [oldest, ...others] = sockets
  if (oldest === undefined) throw new Error('socket')
  await closed(oldest)
  expect(others.every((socket) => socket.isOpen())).toBe(true)
  for (const socket of others) socket.close()
})

test('a socket closes when its session ends, unless it was renewed', async () => {
  const ending = () => openSocket(chat.port, { ticket: ticket(alice, { until: Date.now() + 1500 }) })
  const [left, renewed] = [await ending(), await ending()]
  const bob = await createPerson(chat)
  expect(await renewed.ask(toServer.renew, { ticket: ticket(bob) })).toMatchObject({
    error: { code: 'forbidden' },
  })
  expect(await renewed.ask(toServer.renew, { ticket: 'x' })).toMatchObject({
    error: { code: 'unauthenticated' },
  })
  const until = Date.now() + 600_000
  expect(await renewed.ask(toServer.renew, { ticket: ticket(alice, { until }) })).toEqual({ until })
  await closed(left)
  await sleep(1200)
  expect(renewed.isOpen()).toBe(true)
  renewed.close()
})

test('events that do not fit their schema are refused, and in the end so is the socket', async () => {
  const socket = await connect(alice)
  const proto = JSON.parse('{"conversation":null,"__proto__":{"x":1}}') as unknown
  const bad: [string, unknown][] = [
    [toServer.openConversation, { conversation: null, more: 1 }],
    [toServer.openConversation, { conversation: 'x' }],
    [toServer.openConversation, proto],
    [toServer.receipt, { conversation: alice.account, read: -1 }],
    [toServer.watchPresence, { accounts: Array.from({ length: 501 }, () => alice.account) }],
    [toServer.append, { conversation: alice.account }],
    [toServer.append, new Uint8Array(3)],
    [toServer.ephemeral, new Uint8Array(3)],
    ['constructor', {}],
    ['toString', {}],
  ]
  for (const [name, payload] of bad) socket.emit(name, payload)
  await expect.poll(() => socket.of('refused').length).toBe(bad.length)
  for (const refusal of socket.of('refused')) expect(refusal).toMatchObject({ code: 'malformed' })
  for (let n = 0; n < 12; n++) socket.emit('nonsense', {})
  await closed(socket)
})

test('a frame above the limit or in text ends its socket and no other', async () => {
  const [big, text, steady] = [await connect(alice), await connect(alice), await connect(alice)]
  big.raw(randomBytes(limits.socketFrameMaxBytes + 1))
  text.raw('4hello')
  await Promise.all([closed(big), closed(text)])
  expect(steady.isOpen()).toBe(true)
  steady.close()
})

test('messages above the rate are refused with the time to wait', async () => {
  const [seat] = await foundGroup(alice, [])
  if (seat === undefined) throw new Error('seat')
  const socket = await connect(alice)
  const message = await sealed(seat, 'again and again')
  const count = 2 * rates.message.burst
  // at once: awaiting each would give a slow machine time to refill
  for (let n = 0; n < count; n++)
    socket.emit(toServer.append, encodeAppend({ ...message, counter: 1000 + n }))
  await expect.poll(() => socket.appended.length, { timeout: 20_000 }).toBe(count)
  const refused = socket.appended.find((answer) => answer.error !== undefined)
  expect(refused).toMatchObject({ error: 'rate-limited' })
  expect(refused?.retryAfterMs).toBeGreaterThan(0)
  expect(refused?.retryAfterMs).toBeLessThanOrEqual(rates.message.refillMs)
  socket.close()
})

test('random frames neither stop the service nor grow it', { timeout: 120_000 }, async () => {
  const bob = await createPerson(chat)
  const steady = await connect(bob)
  const total = Number(process.env['CHAT_FUZZ_FRAMES'] ?? 20_000)
  const round = async (count: number): Promise<void> => {
    let socket = await openSocket(chat.port, { ticket: ticket(alice) })
    for (let n = 0; n < count; n++) {
      if (!socket.isOpen()) socket = await openSocket(chat.port, { ticket: ticket(alice) })
      const noise = randomBytes(Math.floor(Math.random() * 200))
      socket.raw(
        n % 3 === 0
          ? noise
          : encodePacket({ type: 2, nsp: '/', data: [Object.values(toServer)[n % 6] ?? '', noise] }),
      )
      if (n % 500 === 0) await sleep(1)
    }
    socket.close()
  }
  await round(total / 4)
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  await round((total * 3) / 4)
  await sleep(200)
  globalThis.gc?.()
  expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024)
  expect(steady.isOpen()).toBe(true)
  const [seat] = await foundGroup(bob, [])
  if (seat === undefined) throw new Error('seat')
  expect(await send(steady, await sealed(seat, 'still here'))).toMatchObject({ error: undefined })
  steady.close()
})

test('half-open upgrades and broken HTTP leave the service standing', async () => {
  for (const bytes of [
    'GET / HTTP/1.1\r\n',
    `GET ${socketPath}/?${socketQuery} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n`,
    '\0\0\0',
  ]) {
    const stream = connectTcp(chat.port, '127.0.0.1')
    stream.on('error', () => undefined)
    stream.write(bytes)
    await sleep(20)
    stream.destroy()
  }
  const socket = await connect(alice)
  expect(socket.isOpen()).toBe(true)
  socket.close()
})
