/** One JSON line per request: the route's name instead of the path, no query, no token, an address cut to its network. */
import { directive, map } from './directives.ts'
import { word, type GatewaySettings } from './settings.ts'

/** `$log_address`: IPv4 to its /24, IPv6 to its /48. `$network`: what counts as one client for limits, IPv4 or IPv6 /64. */
export function logMaps(): string[] {
  const groups = (count: number) => `(?:[0-9a-f]+:){${count}}`
  return [
    ...map('$remote_addr', '$log_address', [
      ['default', 'unknown'],
      ['~^(?<log_v4>\\d+\\.\\d+\\.\\d+)\\.\\d+$', '$log_v4.0'],
      [`~^(?<log_v6>${groups(3)})`, '$log_v6:'],
      // fewer groups before "::": the rest of the /48 is zero
      ['~^(?<log_short>[0-9a-f:]*?)::', '$log_short::'],
    ]),
    ...map('$remote_addr', '$network', [
      ['default', '$remote_addr'],
      [`~^(?<net_v6>${groups(4)})`, '$net_v6:'],
      ['~^(?<net_short>[0-9a-f:]*?)::', '$net_short::'],
    ]),
  ]
}

const texts = {
  time: '$time_iso8601',
  service: 'gateway',
  address: '$log_address',
  method: '$request_method',
  route: '$route',
  protocol: '$server_protocol',
  upstreamStatus: '$upstream_status',
  upstreamSeconds: '$upstream_response_time',
}
const numbers = { status: '$status', bytes: '$body_bytes_sent', seconds: '$request_time' }

export function logLines({ accessLog }: GatewaySettings): string[] {
  const fields = [
    ...Object.entries(texts).map(([name, value]) => `"${name}":"${value}"`),
    ...Object.entries(numbers).map(([name, value]) => `"${name}":${value}`),
  ]
  return [
    directive('log_format', 'requests', 'escape=json', `'{${fields.join(',')}}'`),
    directive('access_log', word(accessLog), 'requests'),
    directive('log_not_found', 'off'),
  ]
}
