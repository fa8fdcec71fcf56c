/** Hundreds of clients that never come to the point, and one who does. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRequest, parseAnswer } from './raw-request.ts'
import { startStubServices, type StubServices } from './stub-services.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const SLOW = 500

let services: StubServices
let front: TestGateway
beforeAll(async () => {
  services = await startStubServices()
  front = await startTestGateway({
    ...services,
    limits: { connectionsPerAddress: 100, headSeconds: 4, bodySeconds: 4 },
  })
})
afterAll(async () => {
  await front[Symbol.asyncDispose]()
  await services[Symbol.asyncDispose]()
})

const body = 'POST /api/auth/login/start HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n{'
/** Half a head, half a body, a chunk that never ends, nothing at all. */
const beginnings = [
  'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ',
  body,
  body.replace('Content-Length: 1000', 'Transfer-Encoding: chunked').replace('{', '3e8\r\n{'),
  '',
]

interface Slow {
  readonly socket: Socket
  answer: string
  closed: boolean
}

async function openSlow(beginning: string): Promise<Slow> {
  const socket = connect(front.gateway.httpPort, '127.0.0.1')
  const slow: Slow = { socket, answer: '', closed: false }
  socket.on('error', () => undefined)
  socket.on('close', () => (slow.closed = true))
  socket.on('data', (chunk) => (slow.answer += chunk.toString()))
  await once(socket, 'connect')
  socket.write(beginning)
  return slow
}

/** How long a whole request takes, from another address than the slow ones, as anybody else would have. */
async function askMs(target: string): Promise<number> {
  const began = performance.now()
  const socket = connect({ port: front.gateway.httpPort, host: '127.0.0.1', localAddress: '127.0.0.2' })
  socket.write(getRequest(target))
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  expect(parseAnswer(text).status).toBe(200)
  return performance.now() - began
}

test('500 slow connections hold nobody up, and are cut', async () => {
  const slow = await Promise.all(
    Array.from({ length: SLOW }, (_, n) => openSlow(beginnings[n % beginnings.length] ?? '')),
  )
  // a letter each second keeps an honest head alive, but not for longer than a head may take
  const drip = setInterval(() => {
    for (const { socket } of slow) if (socket.writable) socket.write('b')
  }, 1000)
  const times: number[] = []
  for (let n = 0; n < 20; n++)
    for (const target of ['/', '/assets/index-D_DYqNR5.js', '/api/auth/server', '/api/chat/contacts'])
      times.push(await askMs(target))
  times.sort((a, b) => a - b)
  console.log(
    `beside ${SLOW} slow connections: median ${times[40]?.toFixed(1)} ms, longest ${times.at(-1)?.toFixed(1)} ms`,
  )
  expect(times.at(-1)).toBeLessThan(500)
  // nothing of what was begun has reached a service
  expect(services.seen.every(({ method }) => method === 'GET')).toBe(true)

  // of one address so many requests may be under way; the others are told
  const refused = slow.filter(({ answer }) => answer.startsWith('HTTP/1.1 429'))
  expect(refused.length).toBeGreaterThanOrEqual(SLOW / 2 - 100)

  // heads have a time for the whole of them, however steadily they drip
  const heads = slow.filter((_, n) => n % beginnings.length === 0)
  await expect.poll(() => heads.filter(({ closed }) => !closed).length, { timeout: 20_000 }).toBe(0)
  clearInterval(drip)
  // bodies have one between two pieces
  await expect.poll(() => slow.filter(({ closed }) => !closed).length, { timeout: 30_000 }).toBe(0)
})

test('a body that comes in time is passed on in one piece', async () => {
  services.seen.length = 0
  const slow = await openSlow(body.replace('1000', '3'))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(services.seen).toEqual([])
  slow.socket.write('{}')
  await expect.poll(() => services.seen.length).toBe(1)
  expect(services.seen[0]).toMatchObject({ body: '{{}', headers: { 'content-length': '3' } })
  slow.socket.destroy()
})
