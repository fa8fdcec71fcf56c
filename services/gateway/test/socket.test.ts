/** The socket through the gateway: refused before the upgrade, twice; and two people who write to each other. */
import { socketPath, socketProtocols, socketQuery } from '@brieftaube/protocol'
import { securityHeaders } from '@brieftaube/service-kit'
import {
  befriend,
  findLeaks,
  goodToken,
  has,
  signUp,
  testOrigin,
  testPassword,
  type Person,
  type TokenSource,
} from '@brieftaube/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { getRequest, sendRaw, type RawAnswer } from './raw-request.ts'
import { startTestProduct, type TestProduct } from './test-product.ts'
import { sourceOf, ticketFor } from './test-tickets.ts'

let product: TestProduct
let source: TokenSource
beforeAll(async () => {
  product = await startTestProduct()
  source = sourceOf(product.secrets)
})
afterAll(() => product[Symbol.asyncDispose]())

let names = 0
/** Another one each time: a second attempt must not fail for the first one's names. */
function newName(name: string): string {
  return `${name}-${++names}`
}

interface Upgrade {
  readonly ticket?: string
  readonly protocols?: string
  readonly origin?: string
  readonly target?: string
}

function upgrade(port: number, wish: Upgrade): Promise<RawAnswer> {
  const offered = wish.protocols ?? socketProtocols(wish.ticket ?? '').join(', ')
  const lines = [
    `GET ${wish.target ?? `${socketPath}/?${socketQuery}`} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...(offered === '' ? [] : [`Sec-WebSocket-Protocol: ${offered}`]),
    ...(wish.origin === '' ? [] : [`Origin: ${wish.origin ?? testOrigin}`]),
  ]
  return sendRaw(port, `${lines.join('\r\n')}\r\n\r\n`, { quietMs: 300, first: true })
}
const through = (wish: Upgrade) => upgrade(product.gateway.httpPort, wish)
const directly = (wish: Upgrade) => upgrade(product.chatPort, wish)

test('a ticket opens one socket, and the gateway’s look does not use it up', async () => {
  const ticket = ticketFor(source)
  const first = await through({ ticket })
  expect([first.status, first.headers.get('sec-websocket-protocol')]).toEqual([101, ['brieftaube']])
  for (const [name, value] of Object.entries(securityHeaders({ https: false })))
    expect(first.headers.get(name), name).toEqual([value])
  expect(first.headers.has('sec-websocket-extensions')).toBe(false)
  const second = await through({ ticket })
  expect([second.status, JSON.parse(second.body)]).toMatchObject([401, { code: 'unauthenticated' }])
})

test('what is not a live ticket is refused before the upgrade, at the gateway and at the service', async () => {
  const now = Math.floor(Date.now() / 1000)
  const good = ticketFor(source)
  const bad: Record<string, Upgrade> = {
    none: { protocols: '' },
    'an empty one': { ticket: '' },
    'the protocol alone': { protocols: 'brieftaube' },
    'the ticket alone': { protocols: `ticket.${good}` },
    'the other order': { protocols: `ticket.${good}, brieftaube` },
    'two tickets': { protocols: `brieftaube, ticket.${good}, ticket.${good}` },
    'an access token': { ticket: goodToken(source) },
    'an expired one': { ticket: ticketFor(source, { claims: { iat: now - 60, exp: now - 30 } }) },
    'one of another audience': { ticket: ticketFor(source, { claims: { aud: 'brieftaube' } }) },
    'one of another type': { ticket: ticketFor(source, { header: { typ: 'at+jwt' } }) },
    'one with an unknown key': { ticket: ticketFor(source, { header: { kid: 'other' } }) },
    'one that is not signed': { ticket: `${good.slice(0, good.lastIndexOf('.'))}.` },
    'one with a changed letter': { ticket: good.replace(/^(.{60})./, (_all, start: string) => `${start}_`) },
    'one that is too long': { ticket: ticketFor(source, { claims: { session: 'x'.repeat(4096) } }) },
    'one in the query': { protocols: 'brieftaube', target: `${socketPath}/?${socketQuery}&ticket=${good}` },
  }
  for (const [name, wish] of Object.entries(bad)) {
    const answers = [await through(wish), await directly(wish)]
    for (const answer of answers) expect([400, 401], name).toContain(answer.status)
    const [atGateway] = answers
    expect(atGateway?.headers.get('content-security-policy'), name).toHaveLength(1)
    // the gateway's own words: the chat service was not asked
    if (atGateway?.status === 401) expect(atGateway.body, name).toContain('A valid token is needed.')
  }
  expect(await directly({ ticket: good })).toMatchObject({ status: 101 })
})

test.each([
  'https://evil.example',
  'null',
  '',
  'http://chat.example.org',
  'https://chat.example.org.evil.example',
])('a page from %j opens no socket', async (origin) => {
  for (const open of [through, directly]) {
    const answer = await open({ ticket: ticketFor(source), origin })
    expect([answer.status, JSON.parse(answer.body)]).toMatchObject([403, { code: 'forbidden' }])
  }
})

test.each([
  `${socketPath}/?EIO=4&transport=polling`,
  `${socketPath}/?EIO=3&transport=websocket`,
  `${socketPath}/?${socketQuery}&sid=AAAAAAAAAAAAAAAAAAAA`,
  `${socketPath}/?transport=websocket&EIO=4`,
  `${socketPath}/`,
])('%s opens no socket', async (target) => {
  for (const open of [through, directly])
    expect((await open({ ticket: ticketFor(source), target })).status).toBe(400)
})

test('a page from elsewhere changes nothing through REST either', async () => {
  for (const origin of ['https://evil.example', 'null', 'http://chat.example.org']) {
    const headers = {
      origin,
      authorization: `Bearer ${goodToken(source)}`,
      'content-type': 'application/json',
    }
    const answer = await fetch(`${product.url}/api/chat/sync`, { method: 'POST', headers, body: '{}' })
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'forbidden' }])
  }
})

test(
  'two people sign up, write both ways, and the logs hold nothing of it',
  { timeout: 90_000 },
  async () => {
    const people: Person[] = []
    for (const name of ['alice-from-the-loft', 'bob-on-the-roof-top'].map(newName))
      people.push(await signUp(name, { baseUrl: product.url }))
    const [alice, bob] = people
    if (alice === undefined || bob === undefined) throw new Error('people')
    await befriend(alice, bob)
    const { conversation } = await alice.call('openDirect', { account: bob.account })
    await has(bob, conversation)
    await alice.send(conversation, 'Through the gate')
    await bob.sees(conversation, ['Through the gate'])

    // a reload is not noticed
    await product.gateway.reload({ limits: { requestBurst: 4000 } })
    await bob.send(conversation, 'And back again')
    await alice.sees(conversation, ['Through the gate', 'And back again'])
    // on connections of their own: a reload ends idle ones, which `fetch` may be about to use
    for (const target of [
      '/invite/a-secret-invitation-code',
      '/api/auth/nothing?query=a-secret-in-the-query',
    ])
      await sendRaw(product.gateway.httpPort, getRequest(target))

    const refresh = people.flatMap(({ profile }) => [...profile.cookies.values()])
    const secrets = [
      ...refresh,
      ...people.flatMap(({ name, account }) => [name, account]),
      conversation,
      testPassword,
      'Through the gate',
      'a-secret-invitation-code',
      'a-secret-in-the-query',
      // the beginning of every token: {"alg":"EdDSA"
      'eyJhbGciOiJFZERTQS',
    ]
    expect(refresh.length).toBeGreaterThan(0)
    const access = await product.gateway.accessLog()
    expect(access.split('\n').length).toBeGreaterThan(20)
    for (const line of access.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({
        service: 'gateway',
        address: '127.0.0.0',
        status: expect.any(Number),
      })
    expect(access).toContain('"route":"socketTicket"')
    expect(access).not.toContain('127.0.0.1')
    for (const [name, log] of Object.entries({
      access,
      error: await product.gateway.errorLog(),
      services: product.logged.join('\n'),
    }))
      expect(findLeaks(name, Buffer.from(log), secrets)).toEqual([])
    for (const person of people) await person.stop()
  },
)
