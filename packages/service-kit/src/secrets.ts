/** Secrets are generated files that only their owner can read. Anything weaker stops the start, with what to do about it. */
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from './config.ts'

export interface SecretSpec {
  readonly folder: string
  readonly name: string
  /** Makes the text at first use. */
  readonly make: () => string
  /** Whether the text has the right form, beyond the general check for weakness. */
  readonly check?: ((text: string) => boolean) | undefined
}

const minChars = 32
const minDistinctChars = 10
const samples =
  /change-?me|example|sample|secret|password|passwort|default|insecure|test-?key|placeholder|0123456789|abcdefgh/i

/** Reads a secret, after creating it (0600, in a 0700 folder) if it is not there. Throws `ConfigError`. */
export async function readOrCreateSecret(spec: SecretSpec): Promise<string> {
  const file = path.join(spec.folder, spec.name)
  await mkdir(spec.folder, { recursive: true, mode: 0o700 })
  await createOnce(file, spec.make)
  await checkMode(file)
  const text = (await readFile(file, 'utf8')).trim()
  const problem =
    weakness(text) ?? (spec.check?.(text) === false ? 'does not have the right form' : undefined)
  if (problem !== undefined) {
    throw new ConfigError(
      `${file} ${problem}. Put the right file back from your backup; if this server has never been used, delete the file and start again: a new one is generated.`,
    )
  }
  return text
}

/** Why a secret is too weak to use; `undefined` if it is not. */
export function weakness(text: string): string | undefined {
  if (text.length < minChars) return `is too short for a secret (at least ${minChars} characters)`
  if (new Set(text).size < minDistinctChars) return 'is too regular for a secret'
  if (samples.test(text)) return 'looks like a sample, not like a secret'
  return undefined
}

/** Complete or not at all, and never over an existing one: a half-written secret would lock everybody out later. */
async function createOnce(file: string, make: () => string): Promise<void> {
  if (await exists(file)) return
  const draft = `${file}.${randomUUID()}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`${make()}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(draft, file)
  } catch (error) {
    if (!(await exists(file))) throw error
  } finally {
    await unlink(draft)
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

async function checkMode(file: string): Promise<void> {
  const { mode } = await stat(file)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new ConfigError(`${file} can be read by others. Run: chmod 600 ${file}`)
  }
}
