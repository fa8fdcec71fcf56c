/** Requests that two servers may read as one or as two: refused, or passed on as exactly one. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sendRaw } from './raw-request.ts'
import { startStubServices, type StubServices } from './stub-services.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let services: StubServices
let front: TestGateway
beforeAll(async () => {
  services = await startStubServices()
  front = await startTestGateway(services)
})
afterAll(async () => {
  await front[Symbol.asyncDispose]()
  await services[Symbol.asyncDispose]()
})
beforeEach(() => {
  services.seen.length = 0
})

const smuggled = 'GET /api/auth/smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'
const chunkedSmuggled = `0\r\n\r\n${smuggled}`

function post(headers: readonly string[], body: string): string {
  return [
    'POST /api/chat/sync HTTP/1.1',
    'Host: 127.0.0.1',
    'Authorization: Bearer x',
    ...headers,
    '',
    body,
  ].join('\r\n')
}

const length = (text: string) => `Content-Length: ${Buffer.byteLength(text)}`
const chunked = 'Transfer-Encoding: chunked'

/** Whatever is in them, nothing of them may reach a service. */
const refused: [string, string][] = [
  ['CL and TE', post([length(chunkedSmuggled), chunked], chunkedSmuggled)],
  ['TE and CL', post([chunked, 'Content-Length: 4'], '5c\r\nx\r\n0\r\n\r\n')],
  ['two different CL', post(['Content-Length: 0', length(smuggled)], smuggled)],
  ['two equal CL', post(['Content-Length: 3', 'Content-Length: 3'], 'abc')],
  ['a list of CL', post(['Content-Length: 3, 3'], 'abc')],
  ['CL with a sign', post(['Content-Length: +3'], 'abc')],
  ['negative CL', post(['Content-Length: -1'], 'abc')],
  ['CL in hexadecimal', post(['Content-Length: 0x3'], 'abc')],
  ['CL with a blank inside', post(['Content-Length: 1 0'], 'abc')],
  ['CL that overflows', post(['Content-Length: 99999999999999999999'], 'abc')],
  ['empty CL', post(['Content-Length:'], smuggled)],
  ['CL with a blank before its colon', post([`Content-Length : ${smuggled.length}`], smuggled)],
  ['TE with a blank before its colon', post(['Transfer-Encoding : chunked'], chunkedSmuggled)],
  ['TE with a tab before its colon', post(['Transfer-Encoding\t: chunked'], chunkedSmuggled)],
  ['an unknown TE', post(['Transfer-Encoding: xchunked'], chunkedSmuggled)],
  ['a list of TE', post(['Transfer-Encoding: gzip, chunked'], chunkedSmuggled)],
  ['two TE', post([chunked, 'Transfer-Encoding: identity'], chunkedSmuggled)],
  ['two TE, the second hidden', post([chunked, 'Transfer-Encoding: x'], chunkedSmuggled)],
  ['TE identity', post(['Transfer-Encoding: identity', length(smuggled)], smuggled)],
  ['TE with a vertical tab', post(['Transfer-Encoding: \x0bchunked'], chunkedSmuggled)],
  ['TE with a NUL', post(['Transfer-Encoding: chunked\x00'], chunkedSmuggled)],
  ['TE in HTTP/1.0', post([chunked], chunkedSmuggled).replace('HTTP/1.1', 'HTTP/1.0')],
  ['a chunk size that is no number', post([chunked], `xyz\r\nabc\r\n${chunkedSmuggled}`)],
  ['a chunk size that overflows', post([chunked], `fffffffffffffffff\r\nabc\r\n${chunkedSmuggled}`)],
  ['a negative chunk size', post([chunked], `-1\r\nabc\r\n${chunkedSmuggled}`)],
  ['a chunk longer than it says', post([chunked], `3\r\nabcdef\r\n${chunkedSmuggled}`)],
  ['a carriage return alone in a name', post(['X-\rSmuggled: 1'], '')],
  ['NUL in a value', post(['X-Smuggled: a\x00b'], '')],
  ['a header without a name', post([': smuggled'], '')],
  ['no host', post(['Content-Length: 0'], '').replace('Host: 127.0.0.1\r\n', '')],
  ['a blank before the first header', post([], '').replace('\r\nHost', '\r\n Host')],
  [
    'a head without end',
    `GET /api/chat/sync HTTP/1.1\r\nHost: 127.0.0.1\r\n${'X-A: b\r\n'.repeat(6000)}\r\n`,
  ],
  ['a header of 10 KiB', post([`X-A: ${'b'.repeat(10_240)}`], '')],
]

test.each(refused)('%s is refused', { retry: 0 }, async (_what, bytes) => {
  const { status, text } = await sendRaw(front.gateway.httpPort, bytes, { quietMs: 700 })
  expect(services.seen.map(({ url }) => url)).toEqual([])
  expect(text.match(/HTTP\/1\.1 \d/g) ?? []).toHaveLength(1)
  expect([400, 405, 421, 501, 413, 411]).toContain(status)
})

/** Old spellings of one request: nginx reads them and writes them anew. */
const tidied: [string, string, string][] = [
  ['a header without a colon', post(['Folded', length('abc')], 'abc'), 'abc'],
  ['bare line feeds', post([length('abc')], 'abc').replaceAll('\r\n', '\n'), 'abc'],
  ['a chunk with an extension', post([chunked], '3;a=b\r\nabc\r\n0\r\n\r\n'), 'abc'],
  ['trailers', post([chunked], '3\r\nabc\r\n0\r\nX-Brieftaube-Internal: 1\r\n\r\n'), 'abc'],
  ['TE in other case', post(['tRANSFER-eNCODING: cHUNKED'], '3\r\nabc\r\n0\r\n\r\n'), 'abc'],
  ['a folded header', post(['X-Folded: a', '\tb: c', length('abc')], 'abc'), 'abc'],
  [
    'an underscore for a hyphen',
    post(['Content_Length: 90', 'Transfer_Encoding: chunked', length('abc')], 'abc'),
    'abc',
  ],
]

test.each(tidied)('%s is one request or none', async (_what, bytes, body) => {
  const { text } = await sendRaw(front.gateway.httpPort, bytes, { quietMs: 700 })
  expect(text.match(/HTTP\/1\.1 \d/g)?.length ?? 0).toBeLessThanOrEqual(1)
  expect(services.seen.length).toBeLessThanOrEqual(1)
  for (const { rawHeaders, ...seen } of services.seen) {
    expect(seen).toMatchObject({ url: '/api/chat/sync', body })
    expect(rawHeaders.join('\n')).not.toMatch(/internal|folded|_/i)
    expect(seen.headers).toMatchObject({ 'content-length': '3' })
    expect(seen.headers).not.toHaveProperty('transfer-encoding')
  }
})

test('two requests in one piece are two, each judged by itself', async () => {
  services.verdict = 401
  const both =
    post([length('abc')], 'abc') +
    smuggled.replace('smuggled', 'server').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
  const { text } = await sendRaw(front.gateway.httpPort, both)
  services.verdict = 204
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200'])
  expect(services.seen.map(({ url }) => url)).toEqual(['/api/auth/server'])
})
