/**
 * What goes to a service. The client's own headers stay behind (`proxy_pass_request_headers off`); those that a service
 * reads are named here one by one, so that no header of a client's invention can say who it is. Every proxied location
 * begins with the whole block: one with a `proxy_set_header` of its own would lose all inherited ones.
 */
import {
  gatewayAccessHeader,
  gatewayTicketPath,
  gatewayTokenPath,
  limits,
  logHeader,
  socketPath,
} from '@brieftaube/protocol'
import { securityHeaders } from '@brieftaube/service-kit'
import { innerPrefix } from './answers.ts'
import { block, directive, quoted } from './directives.ts'
import { largeBodies, ordinaryBodyBytes, services, type ServiceName } from './routes.ts'
import { limitsOf, publicAddress, word, type GatewaySettings } from './settings.ts'

/** Longer than a socket is silent between two pings. */
const socketSeconds = Math.ceil((limits.pingIntervalMs + limits.pingTimeoutMs) / 1000) + 28
const requestSeconds = 60
const checkSeconds = 5

/** Headers by which an answer could order nginx about. */
const orders = ['Redirect', 'Expires', 'Limit-Rate', 'Buffering', 'Charset'].map((name) => `X-Accel-${name}`)

/** The block that every proxied location shares. */
function proxiedBlock(settings: GatewaySettings): string[] {
  const passed = { Authorization: '$http_authorization', Origin: '$http_origin' }
  return [
    directive('proxy_pass_request_headers', 'off'),
    directive('proxy_http_version', '1.1'),
    directive('proxy_set_header', 'Host', publicAddress(settings.publicOrigin).host),
    directive('proxy_set_header', 'X-Forwarded-For', '$remote_addr'),
    ...Object.entries(passed).map(([name, value]) => directive('proxy_set_header', name, value)),
    // added once, at the server
    ...Object.keys(securityHeaders({ https: true })).map((name) => directive('proxy_hide_header', name)),
    directive('proxy_hide_header', 'x-powered-by'),
    directive('proxy_ignore_headers', ...orders),
    directive('proxy_redirect', 'off'),
    directive('proxy_intercept_errors', 'off'),
    directive('proxy_max_temp_file_size', 0),
    directive('proxy_connect_timeout', '2s'),
    directive('proxy_next_upstream', 'error', 'timeout'),
    directive('proxy_next_upstream_tries', 3),
    directive('proxy_next_upstream_timeout', '5s'),
  ]
}

export function upstreamBlocks(settings: GatewaySettings): string[] {
  if (settings.resolver !== undefined) return []
  return services.flatMap((service) =>
    block(`upstream ${service}`, [
      // an instance that is gone is asked again soon: it may be one that was restarted
      ...settings.upstreams[service].map((each) =>
        directive('server', word(each), 'max_fails=2', 'fail_timeout=2s'),
      ),
      directive('keepalive', 32),
      // shorter than Node keeps an idle connection (5 s): a request must not meet its end
      directive('keepalive_timeout', '3s'),
    ]),
  )
}

/** `path` is empty for the request's own. */
function pass(service: ServiceName, settings: GatewaySettings, path = ''): string[] {
  if (settings.resolver === undefined) return [directive('proxy_pass', `http://${service}${path}`)]
  const [name = ''] = settings.upstreams[service]
  // A variable makes nginx look the name up again. One per service: a check shares the variables of the request it is for.
  const instance = `$${service}_instance`
  return [
    directive('set', instance, quoted(word(name))),
    directive('proxy_pass', `http://${instance}${path}`),
  ]
}

export function proxiedLocations(settings: GatewaySettings): string[] {
  return [
    ...services.flatMap((service) => apiLocation(`/api/${service}/`, service, ordinaryBodyBytes, settings)),
    ...largeBodies().flatMap(({ service, pattern, maxBytes }) =>
      apiLocation(`~ ${quoted(pattern)}`, service, maxBytes, settings),
    ),
    ...socketLocation(settings),
    ...checkLocations(settings),
  ]
}

function apiLocation(
  matcher: string,
  service: ServiceName,
  maxBytes: number,
  settings: GatewaySettings,
): string[] {
  return block(`location ${matcher}`, [
    directive('auth_request', tokenCheck),
    directive('limit_req', 'zone=requests', `burst=${limitsOf(settings).requestBurst}`, 'nodelay'),
    directive('client_max_body_size', maxBytes),
    ...proxiedBlock(settings),
    directive('proxy_set_header', 'Connection', '""'),
    directive('proxy_set_header', 'Content-Type', '$http_content_type'),
    directive('proxy_set_header', 'Content-Encoding', '$http_content_encoding'),
    directive('proxy_set_header', 'Cookie', '$http_cookie'),
    directive('proxy_set_header', logHeader, `$http_${logHeader.replaceAll('-', '_')}`),
    directive('proxy_read_timeout', `${requestSeconds}s`),
    ...pass(service, settings),
  ])
}

/** The ticket is looked at here and used up by the chat service, both before the upgrade. */
function socketLocation(settings: GatewaySettings): string[] {
  return block(`location = ${socketPath}/`, [
    'if ($not_a_socket) {',
    '  return 400;',
    '}',
    directive('auth_request', ticketCheck),
    directive('limit_req', 'zone=requests', `burst=${limitsOf(settings).requestBurst}`, 'nodelay'),
    directive('client_max_body_size', 1),
    ...proxiedBlock(settings),
    directive('proxy_set_header', 'Connection', 'upgrade'),
    directive('proxy_set_header', 'Upgrade', 'websocket'),
    ...['Key', 'Version', 'Protocol'].map((name) =>
      directive('proxy_set_header', `Sec-WebSocket-${name}`, `$http_sec_websocket_${name.toLowerCase()}`),
    ),
    directive('proxy_buffer_size', '4k'),
    directive('proxy_read_timeout', `${socketSeconds}s`),
    directive('proxy_send_timeout', `${socketSeconds}s`),
    ...pass('chat', settings),
  ])
}

const tokenCheck = `${innerPrefix}token`
const ticketCheck = `${innerPrefix}ticket`

/** Asked by `auth_request`: the auth service looks with keys and revocations that it holds in memory. */
function checkLocations(settings: GatewaySettings): string[] {
  const check = (path: string, target: string, lines: readonly string[]) =>
    block(`location = ${path}`, [
      directive('internal'),
      ...lines,
      // a check has its request's length and not its body: nginx would refuse it by its own limit
      directive('client_max_body_size', 0),
      ...proxiedBlock(settings),
      directive('proxy_set_header', 'Connection', '""'),
      directive('proxy_set_header', 'Content-Length', '""'),
      directive('proxy_set_header', 'Sec-WebSocket-Protocol', '$http_sec_websocket_protocol'),
      directive('proxy_set_header', gatewayAccessHeader, '$access'),
      directive('proxy_pass_request_body', 'off'),
      directive('proxy_read_timeout', `${checkSeconds}s`),
      ...pass('auth', settings, target),
    ])
  return [
    ...check(tokenCheck, gatewayTokenPath, ['if ($access = public) {', '  return 204;', '}']),
    ...check(ticketCheck, gatewayTicketPath, []),
  ]
}
