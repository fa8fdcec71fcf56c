/** What the operator decides: `settings.env`, every name known, every value checked. */
import { isIP } from 'node:net'
import { ConfigError, deepFreeze } from '@brieftaube/service-kit'
import { z } from 'zod'
import { parseSettingLines } from './settings-lines.ts'

const memory = z.stringFormat('memory', /^[1-9]\d*[mg]$/)
const image = z.stringFormat('image', /^[a-z0-9][\w.\-/:@]*$/)
const port = z.stringFormat('port', /^[1-9]\d{0,4}$/).refine((text) => Number(text) <= 65_535)

interface Setting {
  readonly schema: z.ZodType<string>
  /** Completes "must be …". */
  readonly form: string
  readonly fallback?: string
}

/** Every setting, in the order of `settings.example.env`. */
export const settingTable = {
  ADDRESS: { schema: z.string().refine(isAddress), form: 'an address like https://chat.my-club.org' },
  NAME: { schema: z.string().min(1).max(64), form: '1 to 64 characters', fallback: 'Brieftaube' },
  REGISTRATION: oneOf(['invite-only', 'open'], 'invite-only'),
  TLS: oneOf(['files', 'acme', 'proxy'], 'files'),
  ACME_EMAIL: {
    schema: z.string().refine((text) => text === '' || /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)),
    form: 'an e-mail address',
    fallback: '',
  },
  TRUSTED_PROXIES: {
    schema: z.string().refine((text) => text === '' || text.split(',').every(isNetwork)),
    form: 'addresses or networks like 172.16.0.0/12, separated by commas',
    fallback: '',
  },
  LISTEN: {
    schema: z.string().refine((text) => isIP(text) !== 0),
    form: 'an IP address',
    fallback: '0.0.0.0',
  },
  HTTP_PORT: { schema: port, form: 'a port from 1 to 65535', fallback: '80' },
  HTTPS_PORT: { schema: port, form: 'a port from 1 to 65535', fallback: '443' },
  LOG_LEVEL: oneOf(['debug', 'info', 'warn', 'error'], 'info'),
  LANES: {
    schema: z.stringFormat('lanes', /^([1-9]|1[0-6])$/),
    form: 'a number from 1 to 16',
    fallback: '2',
  },
  GATEWAY_MEMORY: ofMemory('128m'),
  AUTH_MEMORY: ofMemory('320m'),
  CHAT_MEMORY: ofMemory('512m'),
  DATABASE_MEMORY: ofMemory('512m'),
  CACHE_MEMORY: ofMemory('128m'),
  DATABASE_BUFFERS: {
    schema: z.stringFormat('buffers', /^[1-9]\d*(MB|GB)$/),
    form: 'a size like 64MB',
    fallback: '64MB',
  },
  VERSION: { schema: z.stringFormat('tag', /^[\w][\w.-]{0,127}$/), form: 'an image tag', fallback: 'latest' },
  NODE_IMAGE: ofImage('node:24-slim'),
  NGINX_IMAGE: ofImage('nginx:1.28'),
  POSTGRES_IMAGE: ofImage('postgres:18'),
  REDIS_IMAGE: ofImage('redis:8.2'),
  LEGO_IMAGE: ofImage('goacme/lego:v4.26.0'),
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof settingTable
export const settingPrefix = 'BRIEFTAUBE_'

/** Compose's own, which it reads from the same file. */
const composeNames = ['COMPOSE_PROFILES', 'COMPOSE_PROJECT_NAME']

export interface Settings {
  /** Scheme, host and port as browsers see them. */
  readonly origin: string
  readonly host: string
  readonly name: string
  readonly registration: 'invite-only' | 'open'
  readonly tls: 'files' | 'acme' | 'proxy'
  readonly acmeEmail: string
  readonly trustedProxies: readonly string[]
  readonly httpsPort: number
  /** All values by name without the prefix, with defaults filled in. */
  readonly values: Readonly<Record<SettingName, string>>
}

/** Throws `ConfigError` with one sentence per problem: which line, what is wrong, what to write instead. */
export function parseSettings(text: string, file = 'settings.env'): Settings {
  const problems: string[] = []
  const given = new Map<SettingName, string>()
  const profiles: string[] = []
  for (const { name, value, line } of parseSettingLines(text, file)) {
    if (name === 'COMPOSE_PROFILES') profiles.push(...value.split(',').map((each) => each.trim()))
    if (composeNames.includes(name)) continue
    const known = knownName(name)
    if (known === undefined) {
      problems.push(`${file}, line ${line}: ${name} is not a setting; ${closest(name)}`)
      continue
    }
    const { schema, form } = settingTable[known]
    if (schema.safeParse(value).success) given.set(known, value)
    else problems.push(`${file}, line ${line}: ${name} must be ${form}.`)
  }
  if (problems.length === 0) problems.push(...contradictions(given, profiles, file))
  if (problems.length > 0) throw new ConfigError(problems.join('\n'))
  return deepFreeze(toSettings(given))
}

function toSettings(given: ReadonlyMap<SettingName, string>): Settings {
  const names = Object.keys(settingTable) as SettingName[]
  const values = Object.fromEntries(names.map((name) => [name, valueOf(given, name)])) as Record<
    SettingName,
    string
  >
  return {
    origin: values.ADDRESS,
    host: new URL(values.ADDRESS).hostname,
    name: values.NAME,
    registration: values.REGISTRATION === 'open' ? 'open' : 'invite-only',
    tls: values.TLS as Settings['tls'],
    acmeEmail: values.ACME_EMAIL,
    trustedProxies: values.TRUSTED_PROXIES === '' ? [] : values.TRUSTED_PROXIES.split(','),
    httpsPort: Number(values.HTTPS_PORT),
    values,
  }
}

function valueOf(given: ReadonlyMap<SettingName, string>, name: SettingName): string {
  const setting: Setting = settingTable[name]
  return given.get(name) ?? setting.fallback ?? ''
}

/** What each value allows by itself, but not together, and samples that nobody changed. */
function contradictions(
  given: ReadonlyMap<SettingName, string>,
  profiles: readonly string[],
  file: string,
): string[] {
  const problems: string[] = []
  const tls = valueOf(given, 'TLS')
  const address = given.get('ADDRESS')
  const email = valueOf(given, 'ACME_EMAIL')
  if (address === undefined || isSample(new URL(address).hostname)) {
    problems.push(
      `${file}: write the address of your server into BRIEFTAUBE_ADDRESS, e.g. https://chat.my-club.org.`,
    )
  } else if (tls !== 'proxy' && !address.startsWith('https://')) {
    problems.push(`${file}: BRIEFTAUBE_ADDRESS must begin with https:// when BRIEFTAUBE_TLS is ${tls}.`)
  }
  if (tls === 'acme' && (email === '' || isSample(email.split('@')[1] ?? ''))) {
    problems.push(
      `${file}: write your e-mail address into BRIEFTAUBE_ACME_EMAIL; the certificate authority asks for one.`,
    )
  }
  if ((tls === 'acme') !== profiles.includes('acme')) {
    problems.push(
      tls === 'acme'
        ? `${file}: BRIEFTAUBE_TLS=acme needs the line COMPOSE_PROFILES=acme as well.`
        : `${file}: COMPOSE_PROFILES=acme fetches certificates that nobody uses; set BRIEFTAUBE_TLS=acme or delete it.`,
    )
  }
  if (tls !== 'proxy' && valueOf(given, 'TRUSTED_PROXIES') !== '') {
    problems.push(`${file}: BRIEFTAUBE_TRUSTED_PROXIES is only for BRIEFTAUBE_TLS=proxy; delete it.`)
  }
  return problems
}

function knownName(name: string): SettingName | undefined {
  const short = name.slice(settingPrefix.length)
  return name.startsWith(settingPrefix) && Object.hasOwn(settingTable, short)
    ? (short as SettingName)
    : undefined
}

/** Names that differ in one place are misspelt ones. */
function closest(name: string): string {
  const names = Object.keys(settingTable).map((each) => settingPrefix + each)
  const near = names.find((each) => Math.abs(each.length - name.length) <= 2 && distance(each, name) <= 2)
  return near === undefined
    ? 'delete the line, or see settings.example.env for all of them.'
    : `did you mean ${near}?`
}

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [i, a] of [...one].entries()) {
    const next = [i + 1]
    for (const [j, b] of [...other].entries()) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (a === b ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
  fallback: Values[number],
) {
  return { schema: z.enum(values), form: `one of ${values.join(', ')}`, fallback }
}

function ofMemory(fallback: string) {
  return { schema: memory, form: 'a size like 256m or 1g', fallback }
}

function ofImage(fallback: string) {
  return { schema: image, form: 'the name of an image', fallback }
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text
}

function isSample(host: string): boolean {
  return /(^|\.)example\.(org|com|net)$|\.example$/.test(host)
}

function isNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/')
  const version = isIP(address)
  const widest = version === 4 ? 32 : 128
  return (
    version !== 0 &&
    more === undefined &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widest))
  )
}
