/**
 * What nginx says by itself: errors in the product's own form, and the headers of every response. They are added at the
 * level of the server and nowhere else, because a location with an `add_header` of its own loses all inherited ones.
 */
import { errorTable, type ErrorBody, type ErrorCode } from '@brieftaube/protocol'
import { securityHeaders, type SecurityHeaderOptions } from '@brieftaube/service-kit'
import { block, directive, map, quoted } from './directives.ts'

/** Places that only nginx itself can send a request to. */
export const innerPrefix = '/-/'

interface Answer {
  readonly name: string
  /** nginx's own codes; 494 to 497 are its names for bad heads and plain HTTP on the TLS port. */
  readonly nginx: readonly number[]
  readonly code: ErrorCode
  readonly status?: number
  readonly message: string
  readonly retryAfterMs?: number
}

const answers: readonly Answer[] = [
  {
    name: 'malformed',
    nginx: [400, 411, 412, 414, 416, 494, 495, 496, 497, 501, 505],
    code: 'malformed',
    message: 'The request is malformed.',
  },
  { name: 'unauthenticated', nginx: [401], code: 'unauthenticated', message: 'A valid token is needed.' },
  { name: 'forbidden', nginx: [403], code: 'forbidden', message: 'This is not allowed.' },
  { name: 'not-found', nginx: [404], code: 'not-found', message: 'There is nothing here.' },
  { name: 'method', nginx: [405], code: 'method-not-allowed', message: 'This method is not used here.' },
  { name: 'too-large', nginx: [413], code: 'too-large', message: 'This is too large.' },
  {
    name: 'misdirected',
    nginx: [421],
    code: 'malformed',
    status: 421,
    message: 'This server has another name.',
  },
  {
    name: 'too-many',
    nginx: [429],
    code: 'rate-limited',
    message: 'Too many requests at once.',
    retryAfterMs: 1000,
  },
  {
    name: 'unavailable',
    nginx: [500, 502, 503, 504, 507],
    code: 'unavailable',
    message: 'The server is not ready.',
    retryAfterMs: 1000,
  },
]

/** Every asset is named by its hash: the client's build puts nothing else under /assets. */
const cacheRows: readonly (readonly [string, string])[] = [
  ['default', 'no-store'],
  ['~^(?:200|206|304) /assets/', 'public, max-age=31536000, immutable'],
  ['~^(?:200|206|304) /(?!api/)', 'no-cache'],
]

/** A service's own word about caching, waiting or signing in stands; where it said none, ours does. */
export function answerMaps(): string[] {
  return [
    ...map('$status $uri', '$own_cache_control', cacheRows),
    ...map('$upstream_http_cache_control', '$cache_control', [
      ['default', ''],
      ['', '$own_cache_control'],
    ]),
    ...map('$upstream_http_retry_after $status', '$retry_after', [
      ['default', ''],
      ['~^ (?:429|503)$', '1'],
    ]),
    ...map('$upstream_http_www_authenticate $status', '$www_authenticate', [
      ['default', ''],
      ['~^ 401$', 'Bearer'],
    ]),
  ]
}

/** For every server: its headers, and its errors. */
export function answerLines(options: SecurityHeaderOptions): string[] {
  const headers = Object.entries(securityHeaders(options)).map(([name, value]) =>
    directive('add_header', name, quoted(value), 'always'),
  )
  return [
    ...headers,
    directive('add_header', 'cache-control', '$cache_control', 'always'),
    directive('add_header', 'retry-after', '$retry_after', 'always'),
    directive('add_header', 'www-authenticate', '$www_authenticate', 'always'),
    '',
    ...answers.map(({ name, nginx }) => directive('error_page', ...nginx, '=', answerPath(name))),
    ...answers.flatMap(answerLocation),
  ]
}

/** A path and no named location: those need a request that could be parsed. */
function answerPath(name: string): string {
  return `${innerPrefix}answers/${name}`
}

function answerLocation({ name, code, status, message, retryAfterMs }: Answer): string[] {
  const body: ErrorBody = { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  return block(`location = ${answerPath(name)}`, [
    directive('internal'),
    // whatever the length of what is refused, the refusal stands
    directive('client_max_body_size', 0),
    // without it the type would follow the ending of what was asked for
    'types { }',
    directive('default_type', 'application/json'),
    directive('return', status ?? errorTable[code].status, `'${JSON.stringify(body)}'`),
  ])
}
