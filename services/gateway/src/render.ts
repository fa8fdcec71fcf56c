/** The whole of nginx.conf. Pure: the same settings give the same text. */
import { ConfigError, webFileTypes } from '@brieftaube/service-kit'
import { answerLines, answerMaps } from './answers.ts'
import { block, directive, quoted } from './directives.ts'
import { logLines, logMaps } from './log.ts'
import { proxiedLocations, upstreamBlocks } from './proxied.ts'
import { refusalMaps, refusals } from './refusals.ts'
import { routeMaps } from './routes.ts'
import { limitsOf, publicAddress, word, type GatewaySettings } from './settings.ts'
import { encryptionLines, listenLines, outerServers } from './listening.ts'
import { staticLocations, staticMaps } from './static.ts'

/** Throws `ConfigError` with a sentence about the setting that cannot be used. */
export function renderGatewayConfig(settings: GatewaySettings): string {
  check(settings)
  const lines = [
    '# Written by the gateway package. Change the settings, not this file.',
    ...processLines(settings),
    '',
    ...block('http', [
      ...httpLines(settings),
      '',
      ...[
        routeMaps(),
        refusalMaps(),
        answerMaps(),
        logMaps(),
        staticMaps(),
        upstreamBlocks(settings),
      ].flatMap((part) => [...part, '']),
      ...outerServers(settings),
      '',
      ...mainServer(settings),
      ...healthServer(settings),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function check({ tls, listen, upstreams, resolver }: GatewaySettings): void {
  if (tls.kind !== 'proxy' && listen.https === undefined)
    throw new ConfigError('The gateway needs a port for HTTPS where TLS is its own.')
  for (const [service, instances] of Object.entries(upstreams)) {
    if (instances.length === 0)
      throw new ConfigError(`The gateway needs the address of the ${service} service.`)
    if (resolver !== undefined && instances.length > 1)
      throw new ConfigError(`With a name server the ${service} service has one name.`)
  }
}

function processLines(settings: GatewaySettings): string[] {
  const { connectionsPerWorker } = limitsOf(settings)
  return [
    directive('daemon', 'off'),
    directive('pid', `${word(settings.runFolder)}/nginx.pid`),
    ...(settings.user === undefined ? [] : [directive('user', word(settings.user))]),
    directive('worker_processes', settings.workers ?? 'auto'),
    directive('worker_rlimit_nofile', 2 * connectionsPerWorker + 64),
    // how long sockets of a replaced configuration may stay
    directive('worker_shutdown_timeout', '30s'),
    // below it, nginx writes whole addresses and request lines; what failed is in the access log by its status
    directive('error_log', word(settings.errorLog), 'alert'),
    ...block('events', [
      directive('worker_connections', connectionsPerWorker),
      directive('multi_accept', 'on'),
    ]),
  ]
}

function httpLines(settings: GatewaySettings): string[] {
  const limits = limitsOf(settings)
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return [
    ...folders.map((name) => directive(`${name}_temp_path`, `${word(settings.runFolder)}/${name}`)),
    ...block(
      'types',
      Object.entries(webFileTypes).map(([ending, type]) =>
        directive(type.split(';')[0] ?? type, ending.slice(1)),
      ),
    ),
    directive('default_type', 'application/octet-stream'),
    directive('charset', 'utf-8'),
    directive('charset_types', 'text/css', 'text/javascript', 'text/plain'),
    directive('map_hash_bucket_size', 256),
    directive('map_hash_max_size', 4096),
    directive('server_tokens', 'off'),
    directive('sendfile', 'on'),
    directive('tcp_nopush', 'on'),
    directive('reset_timedout_connection', 'on'),
    directive('underscores_in_headers', 'off'),
    directive('ignore_invalid_headers', 'on'),
    directive('max_ranges', 0),
    directive('keepalive_timeout', '30s'),
    directive('keepalive_requests', 1000),
    directive('client_header_timeout', `${limits.headSeconds}s`),
    directive('client_body_timeout', `${limits.bodySeconds}s`),
    directive('send_timeout', '20s'),
    // a token of 4 KiB fits; more does not
    directive('client_header_buffer_size', '2k'),
    directive('large_client_header_buffers', 4, '8k'),
    directive('client_body_buffer_size', '64k'),
    directive('limit_conn_zone', '$network', 'zone=connections:8m'),
    directive('limit_conn', 'connections', limits.connectionsPerAddress),
    directive('limit_conn_status', 429),
    directive('limit_conn_log_level', 'info'),
    directive('limit_req_zone', '$network', 'zone=requests:8m', `rate=${limits.requestsPerSecond}r/s`),
    directive('limit_req_status', 429),
    directive('limit_req_log_level', 'info'),
    ...resolverLines(settings),
    ...forwardedLines(settings),
    ...logLines(settings),
  ]
}

function resolverLines({ resolver }: GatewaySettings): string[] {
  if (resolver === undefined) return []
  return [directive('resolver', word(resolver), 'valid=2s', 'ipv6=off'), directive('resolver_timeout', '2s')]
}

/** Whose word about the client's address is taken: only that of the operator's own proxy. */
function forwardedLines({ tls }: GatewaySettings): string[] {
  if (tls.kind !== 'proxy' || tls.trusted.length === 0) return []
  return [
    ...tls.trusted.map((each) => directive('set_real_ip_from', word(each))),
    directive('real_ip_header', 'X-Forwarded-For'),
    directive('real_ip_recursive', 'on'),
  ]
}

function mainServer(settings: GatewaySettings): string[] {
  const names = [publicAddress(settings.publicOrigin).hostname, ...(settings.otherNames ?? [])]
  return block('server', [
    ...listenLines(settings),
    directive('server_name', ...new Set(names.map(word))),
    ...encryptionLines(settings),
    '',
    ...refusals(),
    '',
    ...answerLines({ https: settings.tls.kind !== 'proxy' }),
    '',
    ...proxiedLocations(settings),
    ...staticLocations(settings),
  ])
}

/** For the container's own health check; nobody else can reach it. */
function healthServer({ listen }: GatewaySettings): string[] {
  if (listen.health === undefined) return []
  return [
    '',
    ...block('server', [
      directive('listen', `127.0.0.1:${listen.health}`),
      directive('access_log', 'off'),
      directive('return', 200, quoted('ok')),
    ]),
  ]
}
