/** The command line of `npm start`. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'

export interface Arguments {
  readonly port: number
  readonly host: string
  /** Absolute. */
  readonly dataFolder: string
  /** undefined: as it was at the last start, open at the first. */
  readonly registration: 'open' | 'invite-only' | undefined
  /** Where people reach this server; browsers send it as their origin. */
  readonly publicOrigin: string | undefined
  readonly allowedOrigins: readonly string[]
  readonly serverName: string
  readonly verbose: boolean
  /** The data folder was put back from a copy. */
  readonly restored: boolean
}

export type ParsedArguments =
  { kind: 'start'; arguments: Arguments } | { kind: 'say'; text: string } | { kind: 'refuse'; text: string }

const help = `Brieftaube – an end-to-end encrypted messenger for your own server

  npm start -- [options]

  --port N              the port to listen on (8080)
  --host ADDRESS        the address to listen on (127.0.0.1; 0.0.0.0 for every network)
  --data FOLDER         where everything is kept (./data/standalone)
  --public URL          the https address under which a proxy publishes this server
  --name NAME           what this server calls itself (Brieftaube)
  --open-registration   anybody who reaches the server may register (the default)
  --invite-only         only people with an invitation may register
  --allow-origin URL    one more origin that browsers may come from; may be repeated
  --verbose             log every request
  --restored            once, after the data folder was put back from an older copy: clients compare and lose nothing
  --version, --help`

export function readArguments(argv: readonly string[], workingFolder: string): ParsedArguments {
  try {
    return parse(argv, workingFolder)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'refuse', text: `${reason}\n\n${help}` }
  }
}

function parse(argv: readonly string[], workingFolder: string): ParsedArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: 'data/standalone' },
      public: { type: 'string' },
      name: { type: 'string', default: 'Brieftaube' },
      'open-registration': { type: 'boolean', default: false },
      'invite-only': { type: 'boolean', default: false },
      'allow-origin': { type: 'string', multiple: true, default: [] },
      verbose: { type: 'boolean', default: false },
      restored: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return { kind: 'say', text: help }
  if (values.version) return { kind: 'say', text: version() }
  if (values['open-registration'] && values['invite-only'])
    throw new Error('Choose one of --open-registration and --invite-only.')
  const registration = values['invite-only']
    ? 'invite-only'
    : values['open-registration']
      ? 'open'
      : undefined
  return {
    kind: 'start',
    arguments: {
      port: parsePort(values.port),
      host: values.host,
      dataFolder: path.resolve(workingFolder, values.data),
      registration,
      publicOrigin: values.public === undefined ? undefined : parseOrigin(values.public, '--public'),
      allowedOrigins: values['allow-origin'].map((origin) => parseOrigin(origin, '--allow-origin')),
      serverName: parseName(values.name),
      verbose: values.verbose,
      restored: values.restored,
    },
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Error(`--port takes a number from 0 to 65535, not "${text}".`)
  return port
}

function parseOrigin(text: string, option: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '')
    throw new Error(`${option} takes an address like https://chat.example.org, not "${text}".`)
  return url.origin
}

function parseName(name: string): string {
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > 64) throw new Error('--name takes 1 to 64 characters.')
  return trimmed
}

export function version(): string {
  const file = new URL('../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
