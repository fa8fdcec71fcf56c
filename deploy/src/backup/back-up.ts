/**
 * A backup: one stream, encrypted for the operator's key, which the server does not have. It is complete when its last part
 * is there; only then the database learns of it.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Encrypter } from 'age-encryption'
import { ConfigError } from '@brieftaube/service-kit'
import pg from 'pg'
import { openSnapshot, type OwnerUrls, type Snapshot } from './dump.ts'
import { endPart, manifestPart, secretNames, secretsFolder, type Manifest } from './manifest.ts'
import { packTar, type Part } from './tar.ts'

export interface BackUpParts {
  readonly urls: OwnerUrls
  /** Where the secrets are generated. */
  readonly secrets: string
  /** "age1…": who can read it. */
  readonly recipient: string
  readonly to: NodeJS.WritableStream
}

/** Resolves to the size once everything is written. Throws `ConfigError` with what to do. */
export async function backUp(parts: BackUpParts): Promise<{ at: number; bytes: number }> {
  const encrypter = new Encrypter()
  try {
    encrypter.addRecipient(parts.recipient)
  } catch {
    throw new ConfigError(`"${parts.recipient}" is not a key to encrypt for; such a key begins with age1.`)
  }
  const at = Date.now()
  await using snapshot = await openSnapshot(parts.urls)
  const plain = Readable.toWeb(
    Readable.from(packTar(contents(parts, snapshot, at))),
  ) as ReadableStream<Uint8Array>
  let bytes = 0
  const sealed = await encrypter.encrypt(plain)
  await pipeline(
    Readable.fromWeb(sealed as Parameters<typeof Readable.fromWeb>[0]),
    async function* count(source: AsyncIterable<Uint8Array>) {
      for await (const chunk of source) {
        bytes += chunk.length
        yield chunk
      }
    },
    parts.to,
    { end: false },
  )
  await remember(parts.urls.auth, { at, bytes })
  return { at, bytes }
}

async function* contents({ secrets }: BackUpParts, snapshot: Snapshot, at: number): AsyncGenerator<Part> {
  const { migrations, tables } = snapshot
  const manifest: Manifest = {
    product: 'brieftaube',
    format: 1,
    at,
    migrations: { auth: [...migrations.auth], chat: [...migrations.chat] },
    tables: [...tables],
  }
  yield { name: manifestPart, bytes: json(manifest) }
  for (const name of secretNames) {
    const bytes = await readFile(path.join(secrets, name)).catch((error: NodeJS.ErrnoException) => {
      // standalone has none for push services
      if (error.code === 'ENOENT' && name === 'vapid') return undefined
      throw error
    })
    if (bytes !== undefined) yield { name: `${secretsFolder}${name}`, bytes }
  }
  yield* snapshot.rows()
  yield { name: endPart, bytes: json({ complete: true }) }
}

function json(value: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`)
}

async function remember(ownerUrl: string, { at, bytes }: { at: number; bytes: number }): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(
      `insert into auth.backup (at, bytes) values ($1, $2)
       on conflict (one) do update set at = excluded.at, bytes = excluded.bytes`,
      [at, bytes],
    )
  } finally {
    await client.end()
  }
}
