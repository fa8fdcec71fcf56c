/** From the protocol's route tables: the name of each route, which of them are public, and how large a body may be. */
import { authRoutes, chatRoutes, limits, type Route } from '@brieftaube/protocol'
import { map } from './directives.ts'

export const services = ['auth', 'chat'] as const
export type ServiceName = (typeof services)[number]

const tables: Readonly<Record<ServiceName, readonly Route[]>> = {
  auth: Object.values<Route>(authRoutes),
  chat: Object.values<Route>(chatRoutes),
}
const routes: readonly Route[] = services.flatMap((service) => tables[service])

/** What a request must carry: nothing, a login's token, or a device's. Unlisted ones need the latter. */
export const checkedAccess = {
  public: 'public',
  enrolment: 'enrolment',
  session: 'session',
  admin: 'session',
} as const

/** `$route`: the route's name, for the log and for `$access`. `$access`: deny by default, public only by name. */
export function routeMaps(): string[] {
  const named = routes.map(({ method, path, name }) => [routeKey(method, path), name] as const)
  const open = routes
    .filter(({ access }) => checkedAccess[access] !== 'session')
    .map(({ name, access }) => [name, checkedAccess[access]] as const)
  return [
    ...map('$request_uri', '$path', [
      ['default', ''],
      ['~^(?<path_alone>[^?]*)', '$path_alone'],
    ]),
    ...map('$request_method $path', '$route', [
      ['default', 'other'],
      ['~^GET /assets/', 'asset'],
      ['~^[A-Z]+ /(?!api/)', 'page'],
      ...named,
    ]),
    ...map('$route', '$access', [['default', 'session'], ...open]),
  ]
}

/** An exact text, or a pattern where the path has parameters. */
function routeKey(method: string, path: string): string {
  if (!path.includes(':')) return `${method} ${path}`
  return `~^${method} ${pathPattern(path)}$`
}

function pathPattern(path: string): string {
  return path.replaceAll('.', '\\.').replace(/:[a-z]+/gi, '[A-Za-z0-9_-]+')
}

/** Methods that some route takes, and those that read files. */
export function knownMethods(): string[] {
  return [...new Set(['GET', 'HEAD', ...routes.map(({ method }) => method)])]
}

export interface BodyClass {
  readonly service: ServiceName
  /** A regular expression over paths. */
  readonly pattern: string
  readonly maxBytes: number
}

/** What a path takes at most when nothing larger is said. */
export const ordinaryBodyBytes = limits.jsonBodyMaxBytes

/** Paths that take more than that, by service and size. */
export function largeBodies(): BodyClass[] {
  return services.flatMap((service) => {
    const large = tables[service].filter(({ maxRequestBytes = 0 }) => maxRequestBytes > ordinaryBodyBytes)
    const sizes = [...new Set(large.map(({ maxRequestBytes = 0 }) => maxRequestBytes))].sort((a, b) => a - b)
    return sizes.map((maxBytes) => {
      const paths = large
        .filter((route) => route.maxRequestBytes === maxBytes)
        .map(({ path }) => pathPattern(path))
      return { service, pattern: `^(?:${[...new Set(paths)].join('|')})$`, maxBytes }
    })
  })
}
