/** Each thing is broken once, and the doctor says which, and what to do. */
import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSelfSigned } from '@brieftaube/deploy'
import { afterEach, expect, test } from 'vitest'

const doctor = path.resolve(import.meta.dirname, '../../bin/doctor')
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

interface Behaviour {
  readonly info?: { readonly status: number; readonly body: string }
  readonly socket?: number
  readonly metrics?: string
  readonly readyz?: string
  readonly clockOffMs?: number
}

const sound = { name: 'Taubenschlag', registration: 'open', protocolVersion: 1, version: '0.1.0' }

function answering(behaviour: Behaviour): RequestListener {
  return (request, response) => {
    const say = (status: number, body: string) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(body)
    }
    response.setHeader('date', new Date(Date.now() + (behaviour.clockOffMs ?? 0)).toUTCString())
    const url = request.url ?? ''
    const { status, body } = behaviour.info ?? { status: 200, body: JSON.stringify(sound) }
    if (url === '/api/auth/server') say(status, body)
    else if (url === '/metrics' && behaviour.metrics !== undefined) say(200, behaviour.metrics)
    else if (url === '/readyz' && behaviour.readyz !== undefined) say(200, behaviour.readyz)
    else say(404, '{}')
  }
}

async function serve(behaviour: Behaviour, tls?: { key: string; certificate: string }): Promise<number> {
  const listener = answering(behaviour)
  const server =
    tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer({ key: tls.key, cert: tls.certificate }, listener)
  server.on('upgrade', (_request, stream) => {
    stream.on('error', () => undefined)
    stream.end(
      `HTTP/1.1 ${String(behaviour.socket ?? 401)} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    )
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function run(...words: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [doctor, ...words], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr }),
    )
  })
}

async function examine(behaviour: Behaviour): Promise<{ code: number; text: string }> {
  return run('--address', `http://127.0.0.1:${String(await serve(behaviour))}`)
}

test('a sound server has nothing broken', async () => {
  const { code, text } = await examine({})
  expect(text).toContain('Taubenschlag answers, version 0.1.0')
  expect(text).toContain('WebSocket connections come through.')
  expect(text).toContain('Nothing is broken.')
  expect(code).toBe(0)
})

const broken: [string, Behaviour, RegExp][] = [
  [
    'a service behind the gateway that is down',
    { info: { status: 502, body: '' } },
    /auth service behind it does not/,
  ],
  ['another program', { info: { status: 200, body: '<html>' } }, /is not Brieftaube/],
  ['a proxy that swallows the upgrade', { socket: 400 }, /WebSocket connections do not come through \(400\)/],
  ['another address than the server’s own', { socket: 403 }, /does not take http:.* for its own address/],
  ['a wrong clock', { clockOffMs: 90_000 }, /clocks of server and this machine differ by (89|90|91) seconds/],
  ['metrics for everybody', { metrics: 'brieftaube_sockets 1' }, /\/metrics can be read by everybody/],
]
test.each(broken)('%s is named', async (_title, behaviour, sentence) => {
  const { code, text } = await examine(behaviour)
  expect(text).toMatch(sentence)
  expect(text).toMatch(/✗ .+\n {4}\S/)
  expect(code).toBe(1)
})

test('nobody at the address, and a name that nobody knows, are named', async () => {
  expect((await run('--address', 'http://127.0.0.1:1')).text).toContain('does not answer')
  expect((await run('--address', 'https://no-such-host.invalid')).text).toMatch(
    /no-such-host.invalid is not known/,
  )
  expect((await run('--address', 'nonsense')).code).toBe(2)
})

const day = 86_400_000
const certificates: [string, Parameters<typeof createSelfSigned>, RegExp][] = [
  ['its own signature', ['127.0.0.1'], /Browsers do not trust the certificate/],
  ['another name', ['chat.example.org'], /is not for 127\.0\.0\.1/],
  ['a past end', ['127.0.0.1', { from: Date.now() - 40 * day, days: 30 }], /certificate ended on/],
  ['an end soon', ['127.0.0.1', { from: Date.now() - 25 * day, days: 30 }], /! The certificate ends on/],
]
test.each(certificates)('a certificate with %s is named', async (_title, made, sentence) => {
  const port = await serve({}, createSelfSigned(...made))
  expect((await run('--address', `https://127.0.0.1:${String(port)}`)).text).toMatch(sentence)
})

test('what the services say of themselves is passed on', async () => {
  const inside = async (readyz: object, age: number) => {
    const metrics = `brieftaube_backup_age_seconds ${String(age)}\n`
    const port = await serve({ readyz: JSON.stringify(readyz), metrics })
    const address = `http://127.0.0.1:${String(await serve({}))}`
    return (await run('--address', address, '--operations', `http://127.0.0.1:${String(port)}`)).text
  }
  const up = { status: 'ready', database: 'up', cache: 'up' }
  expect(await inside(up, 3600)).toContain('✓ The last backup is 0.0 days old.')
  expect(await inside(up, 10 * 86_400)).toContain('✗ The last backup is 10.0 days old.')
  expect(await inside(up, -1)).toContain('! There has never been a backup.')
  expect(await inside({ ...up, database: 'away' }, 1)).toContain(
    '✗ The auth service cannot reach the database.',
  )
  expect(await inside({ ...up, cache: 'away' }, 1)).toContain('✗ The auth service cannot reach the cache')
})

test('secrets that are weak or open to others are named', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'))
  mkdirSync(path.join(folder, 'secrets'))
  const file = path.join(folder, 'secrets', 'pepper')
  const address = `http://127.0.0.1:${String(await serve({}))}`
  const look = async () => (await run('--address', address, '--data', folder)).text
  writeFileSync(file, 'Zk3vQ0f7Hq1xw9LrTn5sYb2mCd8eGa4JpUoV6iWzXlE', { mode: 0o600 })
  expect(await look()).toContain('✓ The secrets are whole')
  chmodSync(file, 0o644)
  expect(await look()).toContain(`Run: chmod 600 ${file}`)
  chmodSync(file, 0o600)
  writeFileSync(file, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')
  expect(await look()).toContain('is too weak for a secret')
})
