/** compose.yaml as data, with the defaults of its variables filled in. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

export interface ComposeService {
  readonly image: string
  readonly user?: string
  readonly read_only?: boolean
  readonly privileged?: boolean
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly pids_limit?: number
  readonly mem_limit?: string
  readonly restart?: string
  readonly ports?: readonly string[]
  readonly networks?: readonly string[]
  readonly network_mode?: string
  readonly profiles?: readonly string[]
  readonly volumes?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: unknown
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> }
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes: Readonly<Record<string, unknown>>
}

export const composeText = readFileSync(path.resolve(import.meta.dirname, '../compose.yaml'), 'utf8')

export function readComposeFile(): ComposeFile {
  const filled = composeText.replace(/\$\{[A-Z_]+:?[-?]?([^}]*)\}/g, '$1')
  return parse(filled, { merge: true }) as ComposeFile
}

/** Every variable of the file with its default; `undefined` for one that must be given. */
export function composeVariables(): ReadonlyMap<string, string | undefined> {
  const found = composeText.matchAll(/\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g)
  return new Map([...found].map(([, name = '', kind, text]) => [name, kind === '-' ? text : undefined]))
}
