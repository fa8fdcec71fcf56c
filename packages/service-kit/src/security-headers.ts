/** The headers of every response. Standalone sends them with the web client's files, the services with every answer. */

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // client/gui/src/app/script-url.ts: files of our own origin; nothing else ever becomes a script
  'trusted-types brieftaube',
].join('; ')

const permissions = ['camera', 'microphone', 'display-capture', 'fullscreen', 'clipboard-write']
const noPermissions = [
  'geolocation',
  'payment',
  'usb',
  'serial',
  'hid',
  'midi',
  'bluetooth',
  'browsing-topics',
]

export interface SecurityHeaderOptions {
  /** Only where browsers reach us by TLS: otherwise the header locks them out or means nothing. */
  readonly https: boolean
}

/** Names in lower case. */
export function securityHeaders(options: SecurityHeaderOptions): Readonly<Record<string, string>> {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': [
      ...permissions.map((name) => `${name}=(self)`),
      ...noPermissions.map((name) => `${name}=()`),
    ].join(', '),
    ...(options.https ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : {}),
  }
}
