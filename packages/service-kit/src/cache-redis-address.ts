/**
 * Where Redis is, from one file: a single server (`redis://…`, `rediss://…`, or the path of a Unix socket), or a Cluster as
 * several such addresses, or as `redis-cluster://user:password@host:port,host:port` (`rediss-cluster://` with TLS).
 */
import { ConfigError } from './config.ts'

export interface RedisServer {
  readonly host: string
  readonly port: number
}

export interface RedisLogin {
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly tls: boolean
}

export type RedisAddress =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'single'; readonly server: RedisServer; readonly login: RedisLogin }
  | { readonly kind: 'cluster'; readonly servers: readonly RedisServer[]; readonly login: RedisLogin }

const schemes = /^redis(s?)(-cluster)?:\/\//
const DEFAULT_PORT = 6379

/** Throws `ConfigError`, which repeats nothing of the text: it holds a password. */
export function parseRedisAddress(text: string): RedisAddress {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '')
  const [first] = parts
  if (first === undefined) throw wrongForm()
  if (first.startsWith('/') && parts.length === 1) return { kind: 'path', path: first }
  const scheme = schemes.exec(first)
  if (scheme === null) throw wrongForm()
  const urls = parts.map((part) => parseUrl(part))
  const [head] = urls
  if (head === undefined || urls.some((url) => !sameLogin(url, head))) throw wrongForm()
  const login = {
    ...(head.username === '' ? {} : { username: decodeURIComponent(head.username) }),
    ...(head.password === '' ? {} : { password: decodeURIComponent(head.password) }),
    tls: scheme[1] === 's',
  }
  const servers = urls.map((url) => ({ host: hostOf(url), port: Number(url.port || DEFAULT_PORT) }))
  const [server] = servers
  if (scheme[2] === undefined && servers.length === 1 && server !== undefined)
    return { kind: 'single', server, login }
  return { kind: 'cluster', servers, login }
}

/** Behind the first address of a list the scheme may be left out. */
function parseUrl(part: string): URL {
  const url = `redis://${part.replace(schemes, '')}`
  if (!URL.canParse(url)) throw wrongForm()
  const parsed = new URL(url)
  if (parsed.hostname === '' || !['', '/'].includes(parsed.pathname) || parsed.search !== '')
    throw wrongForm()
  return parsed
}

/** A Cluster has one user; it may stand with the first address only. */
function sameLogin(url: URL, head: URL): boolean {
  if (url.username === '' && url.password === '') return true
  return url.username === head.username && url.password === head.password
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function wrongForm(): ConfigError {
  return new ConfigError(
    'The address of Redis has the wrong form. It is redis://user:password@host:port, several of them for a Cluster, or redis-cluster://user:password@host:port,host:port.',
  )
}
