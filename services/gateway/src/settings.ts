/** What the gateway is told: values only. Addresses, paths and names go into a configuration file, so they are checked. */
import { ConfigError } from '@brieftaube/service-kit'

/**
 * files: certificate and key that the operator brings · acme: the same, renewed by a client that answers challenges in
 * `challengeFolder`; both files must exist before the start (a placeholder will do) · proxy: plain HTTP behind a proxy of
 * the operator's, whose X-Forwarded-For is believed if it connects from one of `trusted` (addresses or networks).
 */
export type GatewayTls =
  | { readonly kind: 'files'; readonly certificate: string; readonly key: string }
  | {
      readonly kind: 'acme'
      readonly certificate: string
      readonly key: string
      readonly challengeFolder: string
    }
  | { readonly kind: 'proxy'; readonly trusted: readonly string[] }

export interface GatewayLimits {
  /** Connections with a request under way, sockets included, of one IPv4 address or IPv6 /64. */
  readonly connectionsPerAddress: number
  /** REST requests of one address: so many at once, then so many a second. */
  readonly requestBurst: number
  readonly requestsPerSecond: number
  /** Connections of all addresses together, per worker. */
  readonly connectionsPerWorker: number
  /** How long a client may take for the whole head of a request, and between two pieces of a body. */
  readonly headSeconds: number
  readonly bodySeconds: number
}

export const defaultGatewayLimits: GatewayLimits = {
  connectionsPerAddress: 1000,
  requestBurst: 400,
  requestsPerSecond: 100,
  connectionsPerWorker: 8192,
  headSeconds: 10,
  bodySeconds: 10,
}

export function limitsOf(settings: GatewaySettings): GatewayLimits {
  return { ...defaultGatewayLimits, ...settings.limits }
}

export interface GatewaySettings {
  /** What people type: scheme, host and perhaps port. */
  readonly publicOrigin: string
  /** Further host names that are answered, e.g. "127.0.0.1" for a test. */
  readonly otherNames?: readonly string[] | undefined
  readonly tls: GatewayTls
  readonly listen: {
    /** "0.0.0.0" by itself; add "[::]" where there is IPv6. */
    readonly addresses?: readonly string[] | undefined
    /** With TLS of our own it answers challenges and leads to HTTPS. */
    readonly http: number
    /** Only with TLS of our own. */
    readonly https?: number | undefined
    /** For a health check from inside: 127.0.0.1 only, answers 200 to everything. */
    readonly health?: number | undefined
  }
  /** "host:port" of every instance. With a `resolver` exactly one name each, looked up again and again. */
  readonly upstreams: { readonly auth: readonly string[]; readonly chat: readonly string[] }
  /** A name server, e.g. Docker's "127.0.0.11"; without one, names are looked up once, at the start. */
  readonly resolver?: string | undefined
  /** The built web client. */
  readonly webRoot: string
  /** Where the process id and request bodies on their way are written: the only place that must be writable. */
  readonly runFolder: string
  /** A file, or "/dev/stdout". */
  readonly accessLog: string
  /** A file, or "stderr". */
  readonly errorLog: string
  /** Whom the workers run as; only where the master runs as root. */
  readonly user?: string | undefined
  /** One per core by itself. */
  readonly workers?: number | undefined
  readonly limits?: Partial<GatewayLimits> | undefined
}

/** Throws `ConfigError` for a value that would mean something else to nginx than what it says. */
export function word(value: string): string {
  if (!/^[A-Za-z0-9_.:/[\]@+-]+$/.test(value)) {
    throw new ConfigError(
      `The gateway cannot be configured with “${value}”: a plain name, address or path is needed.`,
    )
  }
  return value
}

/** Scheme, host and host with port of the public address. Throws `ConfigError`. */
export function publicAddress(origin: string): { origin: string; host: string; hostname: string } {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url === undefined || url.origin !== origin || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(
      `The public address “${origin}” must look like https://chat.example.org, with nothing after it.`,
    )
  }
  return { origin: word(origin), host: word(url.host), hostname: word(url.hostname) }
}
