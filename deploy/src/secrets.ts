/**
 * The secrets of a composition: generated once into a folder of their own, and from there copied to the one folder of
 * each service that needs them. A service sees its own folder and nothing else.
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { loadAuthSecrets } from '@brieftaube/auth'
import { ConfigError, readOrCreateSecret, redisAclRules, redisUserName } from '@brieftaube/service-kit'

export interface SecretFolders {
  /** Where they are generated and kept: this one belongs into every backup. */
  readonly master: string
  readonly auth: string
  readonly chat: string
  /** What prepares the database, as its superuser. */
  readonly prepare: string
  readonly db: string
  readonly cache: string
}

export interface SecretPlaces {
  readonly folders: SecretFolders
  /** Host and port of the database and of the cache, as the services reach them. */
  readonly database: string
  readonly cache: string
}

export const databaseName = 'brieftaube'

const authFiles = ['signing-keys', 'opaque-server-setup', 'sealing-key', 'pepper', 'internal-secret'] as const
const passwords = [
  'database-superuser',
  'database-brieftaube_auth_owner',
  'database-brieftaube_auth',
  'database-brieftaube_chat_owner',
  'database-brieftaube_chat',
  'cache-brieftaube',
] as const
/** Lists what was generated, so that a lost file is noticed and not quietly made anew. */
const listFile = 'generated.json'

/** Throws `ConfigError` when one is missing, weak or readable by others. */
export async function provideSecrets(places: SecretPlaces): Promise<void> {
  const { master } = places.folders
  await refuseLoss(places.folders)
  await loadAuthSecrets(master)
  for (const name of passwords) await readOrCreateSecret({ folder: master, name, make: random32 })
  await readOrCreateSecret({ folder: master, name: 'vapid', make: createVapid, check: isVapid })
  await put(master, listFile, `${JSON.stringify([...authFiles, ...passwords, 'vapid'])}\n`)
  await distribute(places)
}

/** Secrets that were there once and are gone must come from the backup: new ones would lock everybody out. */
async function refuseLoss(folders: SecretFolders): Promise<void> {
  const there = await namesIn(folders.master)
  if (there.includes(listFile)) {
    const listed = JSON.parse(await readFile(path.join(folders.master, listFile), 'utf8')) as string[]
    const lost = listed.filter((name) => !there.includes(name))
    if (lost.length === 0) return
    throw new ConfigError(
      `${lost.map((name) => path.join(folders.master, name)).join(', ')}: missing, although generated earlier. Put ${lost.length === 1 ? 'it' : 'them'} back from your backup (deploy/restore); without ${lost.length === 1 ? 'it' : 'them'} nobody can log in.`,
    )
  }
  if ((await namesIn(folders.auth)).length > 0) {
    throw new ConfigError(
      `${folders.master} is empty, although this server has run before. Restore the secrets from your backup (deploy/restore); to begin anew and lose all accounts, remove all volumes (docker compose down --volumes).`,
    )
  }
}

async function distribute(places: SecretPlaces): Promise<void> {
  const { folders } = places
  const read = async (name: string) => (await readFile(path.join(folders.master, name), 'utf8')).trim()
  const password = new Map<string, string>()
  for (const name of passwords) password.set(name, await read(name))
  const databaseUrl = (role: string, database = databaseName) =>
    `postgres://${role}:${password.get(`database-${role}`) ?? ''}@${places.database}/${database}`
  const superuser = password.get('database-superuser') ?? ''
  const cachePassword = password.get('cache-brieftaube') ?? ''
  const redisUrl = `redis://${redisUserName}:${cachePassword}@${places.cache}`
  for (const name of authFiles) await put(folders.auth, name, `${await read(name)}\n`)
  for (const service of ['auth', 'chat'] as const) {
    await put(folders[service], 'database-owner-url', `${databaseUrl(`brieftaube_${service}_owner`)}\n`)
    await put(folders[service], 'database-url', `${databaseUrl(`brieftaube_${service}`)}\n`)
    await put(folders[service], 'redis-url', `${redisUrl}\n`)
  }
  await put(folders.chat, 'internal-secret', `${await read('internal-secret')}\n`)
  await put(folders.chat, 'vapid', `${await read('vapid')}\n`)
  await put(folders.db, 'superuser-password', superuser)
  await put(folders.prepare, 'admin-url', `postgres://postgres:${superuser}@${places.database}/postgres\n`)
  for (const name of passwords.filter((each) => each.startsWith('database-brieftaube_')))
    await put(folders.prepare, name, `${password.get(name) ?? ''}\n`)
  await put(folders.cache, 'users.acl', aclFile(cachePassword))
}

/** Redis keeps hashes of passwords; whoever reads this file can log in with none of them. */
function aclFile(password: string): string {
  const passwordSha256 = createHash('sha256').update(password).digest('hex')
  return `${redisAclRules({ passwordSha256 }).join('\n')}\n`
}

/** Complete or not at all; only its owner can read it. */
export async function put(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, name)
  await writeFile(`${file}.new`, text, { mode: 0o600 })
  await chmod(`${file}.new`, 0o600)
  await rename(`${file}.new`, file)
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}

/** A key pair for push services (RFC 8292). */
function createVapid(): string {
  const { x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  return JSON.stringify({ kty: 'EC', crv: 'P-256', x, y, d })
}

function isVapid(text: string): boolean {
  try {
    const key = JSON.parse(text) as Record<string, unknown>
    return key['crv'] === 'P-256' && typeof key['d'] === 'string'
  } catch {
    return false
  }
}

function random32(): string {
  return randomBytes(32).toString('base64url')
}
