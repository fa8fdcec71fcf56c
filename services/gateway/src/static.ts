/** The web client's files. A path without an ending is a place inside the app and gets the shell. */
import { block, directive, map } from './directives.ts'
import { word, type GatewaySettings } from './settings.ts'

/** Answered by the services to whoever stands beside them; not here. */
const inside = ['/api', '/internal', '/livez', '/readyz', '/metrics', '/-']

export function staticMaps(): string[] {
  return map('$uri', '$shell', [
    ['default', '/index.html'],
    ['~^/assets/', '/none'],
    // a person's page may have a dot in its name
    ['~^/@', '/index.html'],
    ['~\\.[A-Za-z0-9]+$', '/none'],
  ])
}

export function staticLocations(settings: GatewaySettings): string[] {
  return [
    ...inside.flatMap((path) => block(`location ${path}`, [directive('return', 404)])),
    ...block('location /', [
      directive('root', word(settings.webRoot)),
      directive('client_max_body_size', 1),
      directive('gzip', 'on'),
      directive('gzip_static', 'on'),
      directive('gzip_vary', 'on'),
      directive('gzip_min_length', 512),
      directive(
        'gzip_types',
        'text/css',
        'text/javascript',
        'text/plain',
        'application/json',
        'application/manifest+json',
        'application/wasm',
        'image/svg+xml',
      ),
      directive('try_files', '$uri', '$shell', '=404'),
    ]),
  ]
}
