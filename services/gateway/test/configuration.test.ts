/** The rendered configuration, read back from nginx: what every proxied location must have, and what none may. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { renderGatewayConfig, type GatewaySettings } from '@brieftaube/gateway'
import { authRoutes, chatRoutes, limits, socketPath, type Route } from '@brieftaube/protocol'
import { describe, expect, test } from 'vitest'
import { block, directive, quoted } from '../src/directives.ts'
import { parseConfig, type Directive } from './parse-config.ts'
import { certificate, certificateKey } from './test-certificate.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'brieftaube-config-'))
const at = (name: string) => path.join(folder, name)
writeFileSync(at('certificate.pem'), certificate)
writeFileSync(at('key.pem'), certificateKey)
const files = { certificate: at('certificate.pem'), key: at('key.pem') }

const base: GatewaySettings = {
  publicOrigin: 'https://chat.example.org',
  tls: { kind: 'proxy', trusted: ['10.0.0.0/8', 'fd00::/8'] },
  listen: { http: 58_080, https: 58_443, health: 58_081 },
  upstreams: { auth: ['127.0.0.1:58082'], chat: ['127.0.0.1:58083', '127.0.0.1:58084'] },
  webRoot: '/srv/web',
  runFolder: folder,
  accessLog: at('access.log'),
  errorLog: at('error.log'),
}
const forms: Record<string, GatewaySettings> = {
  'behind a proxy': base,
  'with certificate files': { ...base, tls: { kind: 'files', ...files } },
  'with ACME': { ...base, tls: { kind: 'acme', ...files, challengeFolder: '/srv/acme' } },
  'with a name server': {
    ...base,
    resolver: '127.0.0.11',
    upstreams: { auth: ['auth:8081'], chat: ['chat:8082'] },
    listen: { ...base.listen, addresses: ['0.0.0.0', '[::]'] },
  },
}

function dump(settings: GatewaySettings): string {
  const file = at('nginx.conf')
  writeFileSync(file, renderGatewayConfig(settings))
  const options = {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
  } as const
  return execFileSync('nginx', ['-T', '-e', at('error.log'), '-p', folder, '-c', file], options)
}

function* below(lines: readonly Directive[]): Generator<Directive> {
  for (const line of lines) {
    yield line
    yield* below(line.children)
  }
}

/** What is wrong with the locations that go to a service. */
function complaints(tree: readonly Directive[]): string[] {
  const locations = [...below(tree)].filter(({ name }) => name === 'location')
  const proxied = locations.filter(({ children }) => children.some(({ name }) => name === 'proxy_pass'))
  const problems = proxied.flatMap(({ words, children }) => {
    const place = words.join(' ')
    const has = (wanted: string) => children.some(({ text }) => text === wanted)
    const missing = common.filter((wanted) => !has(wanted)).map((wanted) => `${place} lacks ${wanted}`)
    const isCheck = children.some(({ name }) => name === 'internal')
    const unasked =
      isCheck || children.some(({ name }) => name === 'auth_request') ? [] : [`${place} asks nobody`]
    const foreign = children
      .filter(
        ({ name, words: [header = ''] }) => name === 'proxy_set_header' && !known.has(header.toLowerCase()),
      )
      .map(({ text }) => `${place} sets ${text}`)
    return [...missing, ...unasked, ...foreign]
  })
  return proxied.length < 6 ? [...problems, `only ${proxied.length} proxied locations`] : problems
}

const common = [
  'proxy_pass_request_headers off',
  'proxy_set_header Host chat.example.org',
  'proxy_set_header X-Forwarded-For $remote_addr',
  'proxy_set_header Authorization $http_authorization',
  'proxy_set_header Origin $http_origin',
  'proxy_hide_header content-security-policy',
  'proxy_hide_header strict-transport-security',
  'proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate X-Accel-Buffering X-Accel-Charset',
]
const known = new Set([
  'host',
  'x-forwarded-for',
  'authorization',
  'origin',
  'connection',
  'cookie',
  'content-type',
  'content-encoding',
  'content-length',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'x-brieftaube-access',
  'x-brieftaube-log',
])

describe.each(Object.entries(forms))('%s', (_name, settings) => {
  const tree = parseConfig(dump(settings))

  test('every proxied location has the whole block and asks for a token', () => {
    expect(complaints(tree)).toEqual([])
  })

  test('headers are added by servers only, because a location with one of its own loses the others', () => {
    for (const line of below(tree)) {
      // a server of an upstream has no block
      if (line.children.length === 0) continue
      const own = line.children.filter(({ name }) => name === 'add_header')
      if (line.name !== 'server') expect(own).toEqual([])
      const isHealth = line.children.some(({ text }) => text.startsWith('listen 127.0.0.1:'))
      if (line.name === 'server' && !isHealth) expect(own.length).toBeGreaterThanOrEqual(9)
    }
  })

  test('a socket may be silent for longer than the pings are apart', () => {
    const socket = [...below(tree)].find(({ text }) => text === `location = ${socketPath}/`)
    const timeouts = socket?.children.filter(({ name }) => /^proxy_(read|send)_timeout$/.test(name)) ?? []
    expect(timeouts).toHaveLength(2)
    for (const { words } of timeouts)
      expect(1000 * Number.parseInt(words[0] ?? '')).toBeGreaterThan(
        limits.pingIntervalMs + limits.pingTimeoutMs,
      )
  })

  test('the same settings give the same text', () => {
    expect(renderGatewayConfig(settings)).toBe(renderGatewayConfig(structuredClone(settings)))
  })
})

test.each([
  ['the block', (text: string) => text.replace('proxy_pass_request_headers off;', '')],
  ['the address', (text: string) => text.replace('proxy_set_header X-Forwarded-For $remote_addr;', '')],
  ['the question', (text: string) => text.replace(/auth_request [^;]*;/, '')],
  [
    'a header more',
    (text: string) => text.replace('proxy_http_version 1.1;', 'proxy_set_header X-User $arg_user;'),
  ],
])('a configuration that differs in %s is noticed', (_what, spoil) => {
  const text = renderGatewayConfig(base)
  expect(complaints(parseConfig(text))).toEqual([])
  expect(complaints(parseConfig(spoil(text)))).not.toEqual([])
})

test('exactly these routes are open to everybody', () => {
  const open = [...Object.values<Route>(authRoutes), ...Object.values<Route>(chatRoutes)]
    .filter(({ access }) => access === 'public')
    .map(({ name }) => name)
  const listed = [
    'registrationStart',
    'registrationFinish',
    'loginStart',
    'loginFinish',
    'loginRecovery',
    'tokenRefresh',
    'serverInfo',
    'jwks',
    'openApi',
  ]
  expect(open.sort()).toEqual(listed.sort())
  const access = parseConfig(renderGatewayConfig(base))
    .flatMap((line) => [...below([line])])
    .find(({ name, words }) => name === 'map' && words[1] === '$access')
  const asPublic = access?.children.filter(({ words }) => words[0] === 'public').map(({ name }) => name)
  expect(asPublic?.sort()).toEqual(listed.sort())
  expect(access?.children[0]?.text).toBe('default session')
})

test('a route is found by its own method and path and by no other', () => {
  const patterns = renderGatewayConfig(base).match(/"~\^[A-Z]+ \/api[^"]*"/g) ?? []
  for (const each of patterns) expect(each.slice(-2, -1)).toBe('$')
})

test.each<[string, Partial<GatewaySettings>]>([
  ['a path with a semicolon', { webRoot: '/srv;user root' }],
  ['a path with a brace', { webRoot: '/srv}' }],
  ['a path with a variable', { accessLog: '/log/$http_host' }],
  ['a path with a line break', { webRoot: '/srv\n' }],
  ['an origin with a path', { publicOrigin: 'https://chat.example.org/x' }],
  ['an origin of another kind', { publicOrigin: 'ftp://chat.example.org' }],
  ['a name with a quote', { otherNames: ['a"b'] }],
  ['a network with a blank', { tls: { kind: 'proxy', trusted: ['10.0.0.0/8 all'] } }],
  ['no instance', { upstreams: { auth: [], chat: ['a:1'] } }],
  [
    'two names for one name server',
    { resolver: '127.0.0.11', upstreams: { auth: ['a:1'], chat: ['b:1', 'c:1'] } },
  ],
  ['TLS without a port', { tls: { kind: 'files', ...files }, listen: { http: 80 } }],
])('%s is refused with a sentence', (_what, change) => {
  expect(() => renderGatewayConfig({ ...base, ...change })).toThrow(
    expect.objectContaining({ name: 'ConfigError' }),
  )
})

test('blocks are indented and arguments quoted', () => {
  expect(block('a b', [directive('c', quoted('d "e" \\'))])).toEqual(['a b {', '  c "d \\"e\\" \\\\";', '}'])
})
