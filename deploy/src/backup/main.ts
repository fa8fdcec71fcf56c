/**
 * `brieftaube-backup`, in a container that sees the secrets and the database: `deploy/backup` and `deploy/restore` drive it.
 * A backup goes to standard output; what is restored comes from standard input, the key in its first line.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { ConfigError, type ServiceDatabase } from '@brieftaube/service-kit'
import { containerPlaces } from '../places.ts'
import { put } from '../secrets.ts'
import { backUp } from './back-up.ts'
import { splitFirstLine } from './first-line.ts'
import { checkBackup, restore } from './restore.ts'
import { DamagedBackupError } from './tar.ts'

/** The folders are those of the container unless said: so it also serves processes without containers. */
const { values: options, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    secrets: { type: 'string', default: containerPlaces.secrets.master },
    auth: { type: 'string', default: containerPlaces.secrets.auth },
    chat: { type: 'string', default: containerPlaces.secrets.chat },
    replace: { type: 'boolean', default: false },
  },
})
const say = (text: string): void => void process.stderr.write(`${text}\n`)

async function databaseOf(service: 'auth' | 'chat'): Promise<ServiceDatabase> {
  const read = async (name: string) => (await readFile(path.join(options[service], name), 'utf8')).trim()
  return { ownerUrl: await read('database-owner-url'), appUrl: await read('database-url') }
}

async function databases() {
  return { auth: await databaseOf('auth'), chat: await databaseOf('chat') }
}

async function run([task, ...rest]: readonly string[]): Promise<void> {
  switch (task) {
    case 'new-key': {
      const identity = await generateX25519Identity()
      process.stdout.write(`${identity}\n${await identityToRecipient(identity)}\n`)
      return
    }
    case 'backup': {
      const { auth, chat } = await databases()
      const urls = { auth: auth.ownerUrl, chat: chat.ownerUrl }
      const recipient = rest[0] ?? ''
      const { bytes } = await backUp({ urls, secrets: options.secrets, recipient, to: process.stdout })
      say(`The backup is complete: ${String(bytes)} bytes.`)
      return
    }
    case 'check':
    case 'restore': {
      const { line: identity, rest: from } = await splitFirstLine(process.stdin)
      const parts = { identity, from }
      if (task === 'check') return say(`The backup is sound: of ${dayOf((await checkBackup(parts)).at)}.`)
      const putSecret = (name: string, text: string) => put(options.secrets, name, text)
      const { replace } = options
      const { at } = await restore({ ...parts, databases: await databases(), replace, putSecret })
      return say(`The server is as it was on ${dayOf(at)}. Everybody has to log in once.`)
    }
    default:
      throw new ConfigError(`There is no task ${String(task)}; there are new-key, backup, check and restore.`)
  }
}

function dayOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

try {
  await run(positionals)
} catch (error) {
  const known = error instanceof ConfigError || error instanceof DamagedBackupError
  say(known ? error.message : error instanceof Error ? (error.stack ?? error.message) : 'failed')
  process.exitCode = 1
}
