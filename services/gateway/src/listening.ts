/** Ports, TLS, and the servers that answer to a wrong name or without TLS. */
import { answerLines } from './answers.ts'
import { block, directive, quoted } from './directives.ts'
import { refusals } from './refusals.ts'
import { publicAddress, word, type GatewaySettings } from './settings.ts'

function isOwnTls({ tls }: GatewaySettings): boolean {
  return tls.kind !== 'proxy'
}

function sockets({ listen }: GatewaySettings, port: number, ...options: readonly string[]): string[] {
  const addresses = listen.addresses ?? ['0.0.0.0']
  return addresses.map((address) => directive('listen', `${word(address)}:${port}`, ...options))
}

/** Where the product itself is served. */
export function listenLines(settings: GatewaySettings): string[] {
  const { http, https } = settings.listen
  if (!isOwnTls(settings) || https === undefined) return sockets(settings, http)
  return sockets(settings, https, 'ssl', 'http2')
}

/** Mozilla's intermediate recommendation, without Diffie-Hellman over finite fields. */
export function encryptionLines({ tls }: GatewaySettings): string[] {
  if (tls.kind === 'proxy') return []
  const ciphers = ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].flatMap((cipher) =>
    ['ECDSA', 'RSA'].map((key) => `ECDHE-${key}-${cipher}`),
  )
  return [
    directive('ssl_certificate', word(tls.certificate)),
    directive('ssl_certificate_key', word(tls.key)),
    directive('ssl_protocols', 'TLSv1.2', 'TLSv1.3'),
    directive('ssl_ciphers', ciphers.join(':')),
    directive('ssl_prefer_server_ciphers', 'off'),
    directive('ssl_session_cache', 'shared:tls:4m'),
    directive('ssl_session_timeout', '1d'),
    directive('ssl_session_tickets', 'off'),
    directive('http2_max_concurrent_streams', 64),
  ]
}

/** Servers around the main one: for other names, and for plain HTTP where TLS is ours. */
export function outerServers(settings: GatewaySettings): string[] {
  const { http, https } = settings.listen
  if (!isOwnTls(settings) || https === undefined) return stranger(sockets(settings, http, ...first), false)
  return [
    ...stranger(
      [...sockets(settings, https, 'ssl', 'http2', ...first), directive('ssl_reject_handshake', 'on')],
      true,
    ),
    '',
    ...stranger(sockets(settings, http, ...first), false),
    '',
    ...toHttps(settings),
  ]
}

const first = ['default_server', 'backlog=4096']

/** Who asks for another name, or for none, is not our page's visitor (DNS rebinding, scans). */
function stranger(listening: readonly string[], https: boolean): string[] {
  return block('server', [
    ...listening,
    directive('server_name', '_'),
    ...answerLines({ https }),
    ...refusals(),
    ...block('location /', [directive('return', 421)]),
  ])
}

function toHttps(settings: GatewaySettings): string[] {
  const { origin, hostname } = publicAddress(settings.publicOrigin)
  const names = [hostname, ...(settings.otherNames ?? []).map(word)]
  return block('server', [
    ...sockets(settings, settings.listen.http),
    directive('server_name', ...new Set(names)),
    ...answerLines({ https: false }),
    ...refusals(),
    ...(settings.tls.kind !== 'acme'
      ? []
      : block('location ^~ /.well-known/acme-challenge/', [
          directive('root', word(settings.tls.challengeFolder)),
          directive('default_type', 'text/plain'),
        ])),
    ...block('location /', [directive('return', 301, quoted(`${origin}$request_uri`))]),
  ])
}
