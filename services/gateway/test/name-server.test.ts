/** With a name server, as in containers: names are looked up while nginx runs, and each request goes to its own service. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRequest, sendRaw } from './raw-request.ts'
import { startStubServices, type StubServices } from './stub-services.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

/** Answers every question for an IPv4 address with the one that is set (RFC 1035 section 4.1). */
async function startNameServer() {
  const socket = createSocket('udp4')
  const names = { address: [127, 0, 0, 1], questions: 0, port: 0, close: () => socket.close() }
  socket.on('message', (question, from) => {
    names.questions++
    const end = question.indexOf(0, 12) + 5
    const head = Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])
    // a pointer to the name in the question, type A, class IN, one second to live, four bytes
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...names.address])
    const reply = Buffer.concat([question.subarray(0, 2), head, question.subarray(12, end), answer])
    socket.send(reply, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return Object.assign(names, { port: socket.address().port })
}

let services: StubServices
let names: Awaited<ReturnType<typeof startNameServer>>
let front: TestGateway
beforeAll(async () => {
  services = await startStubServices()
  names = await startNameServer()
  const named = ([address = '']: readonly string[], name: string) => [address.replace('127.0.0.1', name)]
  front = await startTestGateway({
    resolver: `127.0.0.1:${names.port}`,
    upstreams: {
      auth: named(services.upstreams.auth, 'auth.example'),
      chat: named(services.upstreams.chat, 'chat.example'),
    },
  })
})
afterAll(async () => {
  await front[Symbol.asyncDispose]()
  names.close()
  await services[Symbol.asyncDispose]()
})

const get = (target: string) =>
  sendRaw(front.gateway.httpPort, getRequest(target, { Authorization: 'Bearer x' }))

test('the check goes to the auth service and the request to its own', async () => {
  for (const [target, service] of [
    ['/api/chat/contacts', 'chat'],
    ['/api/auth/devices', 'auth'],
    ['/api/auth/server', 'auth'],
    ['/api/chat/contacts', 'chat'],
  ]) {
    services.seen.length = 0
    services.checks.length = 0
    expect((await get(target ?? '')).status).toBe(200)
    expect(services.seen).toMatchObject([{ service, url: target }])
    expect(services.checks.every((check) => check.service === 'auth')).toBe(true)
  }
})

test('a service that moved is found again, without a reload', async () => {
  const before = names.questions
  expect((await get('/api/chat/contacts')).status).toBe(200)
  // nobody listens there
  names.address = [127, 0, 0, 3]
  await expect.poll(async () => (await get('/api/chat/contacts')).status).toBe(503)
  names.address = [127, 0, 0, 1]
  await expect.poll(async () => (await get('/api/chat/contacts')).status).toBe(200)
  expect(names.questions).toBeGreaterThan(before)
})
