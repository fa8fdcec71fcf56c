/**
 * A restore: schemas as the backup's version had them, its rows, its secrets; then a new life of the log, so that clients
 * compare what they have, and the end of all sessions, so that nobody comes back who was signed out since the backup.
 */
import { Readable } from 'node:stream'
import { Decrypter } from 'age-encryption'
import { ConfigError } from '@brieftaube/service-kit'
import {
  endPart,
  manifestPart,
  manifestSchema,
  secretNames,
  secretsFolder,
  type Manifest,
} from './manifest.ts'
import { openTarget, type Target, type TargetParts } from './restore-target.ts'
import { DamagedBackupError, unpackTar, type Part } from './tar.ts'

export interface RestoreParts extends TargetParts {
  /** "AGE-SECRET-KEY-1…" */
  readonly identity: string
  readonly from: AsyncIterable<Uint8Array>
  /** Writes one secret's file. */
  readonly putSecret: (name: string, text: string) => Promise<void>
}

/** Throws `ConfigError` with what to do, before anything is changed where that is possible. */
export async function restore(parts: RestoreParts): Promise<{ at: number }> {
  const archive = unpackTar(await decrypted(parts))
  const first = await archive.next()
  if (first.done === true || first.value.name !== manifestPart)
    throw new DamagedBackupError('This is not a backup of Brieftaube.')
  const manifest = parseManifest(first.value.bytes)
  await using target = await openTarget(parts, manifest)
  await target.begin()
  const secrets = await fill(archive, target, manifest)
  await target.finish()
  // last: with the secrets of another server's accounts nobody could log in to what is still there
  for (const [name, text] of secrets) await parts.putSecret(name, text)
  return { at: manifest.at }
}

/** Reads all of it and changes nothing. Throws like `restore`. */
export async function checkBackup(parts: Pick<RestoreParts, 'identity' | 'from'>): Promise<{ at: number }> {
  let at: number | undefined
  let complete = false
  for await (const { name, bytes } of unpackTar(await decrypted(parts))) {
    if (at === undefined && name !== manifestPart)
      throw new DamagedBackupError('This is not a backup of Brieftaube.')
    if (name === manifestPart) at = parseManifest(bytes).at
    complete ||= name === endPart
  }
  if (at === undefined || !complete) throw new DamagedBackupError('The backup is not complete.')
  return { at }
}

async function decrypted({
  identity,
  from,
}: Pick<RestoreParts, 'identity' | 'from'>): Promise<AsyncIterable<Uint8Array>> {
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity(identity.trim())
  } catch {
    throw new ConfigError('This is not a key to open a backup; such a key begins with AGE-SECRET-KEY-1.')
  }
  const sealed = Readable.toWeb(Readable.from(from)) as ReadableStream<Uint8Array>
  try {
    return await decrypter.decrypt(sealed)
  } catch (cause) {
    throw new ConfigError('The backup cannot be opened: it is damaged or was made for another key.', {
      cause,
    })
  }
}

function parseManifest(bytes: Uint8Array): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(Buffer.from(bytes).toString()))
  } catch (cause) {
    throw new ConfigError('This backup has a form that this version does not know; use a newer version.', {
      cause,
    })
  }
}

/** Gives back the secrets, which wait until the rows are there. */
async function fill(
  archive: AsyncIterable<Part>,
  target: Target,
  manifest: Manifest,
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>()
  const known: readonly string[] = secretNames
  let complete = false
  for await (const { name, bytes } of archive) {
    if (name === endPart) complete = true
    else if (name.startsWith(secretsFolder)) {
      const secret = name.slice(secretsFolder.length)
      if (known.includes(secret)) secrets.set(secret, Buffer.from(bytes).toString())
    } else {
      const shape = manifest.tables.find(({ schema, table }) => name.startsWith(`${schema}/${table}/`))
      if (shape === undefined) throw new DamagedBackupError('The backup holds what it does not announce.')
      await target.write(shape, bytes)
    }
  }
  if (!complete) throw new DamagedBackupError('The backup is not complete.')
  return secrets
}
