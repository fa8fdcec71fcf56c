/** Where everything is; `compose.yaml` mounts the same paths. */
import type { SecretFolders } from './secrets.ts'

export interface Places {
  readonly settingsFile: string
  /** The operator's certificate: fullchain.pem and privkey.pem. */
  readonly tlsFolder: string
  readonly secrets: SecretFolders
  readonly gateway: { readonly config: string; readonly acme: string }
  /** Host and port of the database and of the cache, as the services reach them. */
  readonly database: string
  readonly cache: string
}

/** Inside the one-shot's container. */
export const containerPlaces: Places = {
  settingsFile: '/deploy/settings.env',
  tlsFolder: '/deploy/tls',
  secrets: {
    master: '/secrets/master',
    auth: '/secrets/auth',
    chat: '/secrets/chat',
    prepare: '/secrets/prepare',
    db: '/secrets/db',
    cache: '/secrets/cache',
  },
  gateway: {
    config: '/gateway/config',
    acme: '/gateway/acme',
  },
  database: 'db:5432',
  cache: 'cache:6379',
}

/** The same files as the gateway's container sees them. */
export const insideGateway = {
  config: '/etc/brieftaube/nginx.conf',
  tls: '/run/tls',
  acme: '/run/acme',
  webroot: '/run/webroot',
  web: '/usr/share/brieftaube',
  run: '/tmp',
} as const

export const certificateNames = { certificate: 'fullchain.pem', key: 'privkey.pem' } as const
