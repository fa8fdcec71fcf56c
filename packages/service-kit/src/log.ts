/**
 * Logs: one JSON line per event with allow-listed fields only. Addresses are truncated, errors lose everything that looks
 * like a token or key, and nothing else of a request can be logged because there is no field for it.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { pino, type DestinationStream, type Level } from 'pino'

export interface LogFields {
  readonly requestId?: string | undefined
  readonly method?: string | undefined
  /** The route's name, never the path that was asked for. */
  readonly route?: string | undefined
  readonly status?: number | undefined
  readonly code?: string | undefined
  readonly durationMs?: number | undefined
  readonly count?: number | undefined
  readonly bytes?: number | undefined
  readonly port?: number | undefined
  /** Where this process listens or connects to; no credentials. */
  readonly target?: string | undefined
  /** Truncated before it is written. */
  readonly address?: string | undefined
  readonly error?: unknown
}

export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

export interface LogOptions {
  readonly service: string
  readonly level?: Level | 'silent' | undefined
  readonly destination?: DestinationStream | undefined
}

const allowed: readonly (keyof LogFields)[] = [
  'requestId',
  'method',
  'route',
  'status',
  'code',
  'durationMs',
  'count',
  'bytes',
  'port',
  'target',
]

export function createLog(options: LogOptions): Log {
  const settings = { base: { service: options.service }, level: options.level ?? 'info' }
  const logger = options.destination === undefined ? pino(settings) : pino(settings, options.destination)
  return {
    debug: (event, fields) => logger.debug(permittedFields(fields), event),
    info: (event, fields) => logger.info(permittedFields(fields), event),
    warn: (event, fields) => logger.warn(permittedFields(fields), event),
    error: (event, fields) => logger.error(permittedFields(fields), event),
  }
}

/** For tests and tools that want none. */
export function silentLog(): Log {
  return createLog({ service: 'silent', level: 'silent' })
}

function permittedFields(fields: LogFields = {}): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const name of allowed) if (fields[name] !== undefined) kept[name] = fields[name]
  if (fields.address !== undefined) kept['address'] = truncateAddress(fields.address)
  if (fields.error !== undefined) kept['error'] = describeError(fields.error)
  return kept
}

/** An IPv4 address to its /24, an IPv6 address to its /48. */
export function truncateAddress(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address
  if (isIPv4(mapped)) return `${mapped.split('.').slice(0, 3).join('.')}.0`
  if (!isIPv6(mapped)) return 'unknown'
  return `${expandIpv6(mapped).slice(0, 3).join(':')}::`
}

/** What counts as one network for limits: an IPv4 address, an IPv6 /64. */
export function networkOf(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address
  if (isIPv4(mapped)) return mapped
  if (!isIPv6(mapped)) return 'unknown'
  return `${expandIpv6(mapped).slice(0, 4).join(':')}::`
}

function expandIpv6(address: string): string[] {
  const [left = '', right] = (address.split('%')[0] ?? '').split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const missing = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  return [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
}

interface ErrorDescription {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  readonly cause?: ErrorDescription
}

/** Name, code, scrubbed message and frames, with causes; a driver's further fields can hold row values and stay out. */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error, message: 'not an Error' }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .join('\n')
  const cause =
    error.cause === undefined || depth >= 3 ? {} : { cause: describeError(error.cause, depth + 1) }
  return { name: error.name, message: scrub(error.message), ...code, stack: frames, ...cause }
}

/** Takes out what may be a token, key, id or credential in a URL, and cuts the length. */
export function scrub(text: string): string {
  return text
    .replace(/:\/\/[^@\s/]*@/g, '://…@')
    .replace(/"[^"]*"|'[^']*'/g, (quoted) => (quoted.length > 66 ? '"…"' : quoted))
    .replace(/[A-Za-z0-9_+/=.-]{20,}/g, (run) => (/[0-9]/.test(run) || run.length > 64 ? '…' : run))
    .slice(0, 500)
}
