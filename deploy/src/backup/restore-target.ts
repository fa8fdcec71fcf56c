/** The database that is restored into: checked, emptied, filled in one transaction per schema, and given a new life. */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { authMigrations } from '@brieftaube/auth'
import { chatMigrations } from '@brieftaube/chat'
import { ConfigError, migrate, roleOf, type ServiceDatabase } from '@brieftaube/service-kit'
import { readdir } from 'node:fs/promises'
import pg from 'pg'
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams'
import { schemas, type Manifest, type SchemaName, type TableShape } from './manifest.ts'

export interface TargetParts {
  readonly databases: Readonly<Record<SchemaName, ServiceDatabase>>
  /** Whether rows that are there may go. */
  readonly replace: boolean
}

export interface Target extends AsyncDisposable {
  /** Empties the schemas and makes them as the backup's version had them. */
  begin(): Promise<void>
  /** Parts of one table follow each other. */
  write(shape: TableShape, bytes: Uint8Array): Promise<void>
  /** Everything becomes visible at once, per schema. */
  finish(): Promise<void>
}

const folders: Readonly<Record<SchemaName, string>> = { auth: authMigrations, chat: chatMigrations }

/** Throws `ConfigError` where nothing may be overwritten or this version is older than the backup's. */
export async function openTarget(parts: TargetParts, manifest: Manifest): Promise<Target> {
  const clients = {
    auth: new pg.Client({ connectionString: parts.databases.auth.ownerUrl }),
    chat: new pg.Client({ connectionString: parts.databases.chat.ownerUrl }),
  }
  const close = async () => {
    for (const schema of schemas) await clients[schema].end()
  }
  try {
    for (const schema of schemas) await clients[schema].connect()
    await refuseNewer(manifest)
    await refuseRunning(clients.auth)
    if (!parts.replace) for (const schema of schemas) await refuseFilled(clients[schema], schema)
  } catch (error) {
    await close()
    throw error
  }
  const writer = createTableWriter(clients)
  return {
    begin: () => makeSchemas(clients, parts, manifest),
    write: writer.write,
    finish: async () => {
      await writer.end()
      for (const schema of schemas) await settle(clients[schema], manifest, schema)
    },
    [Symbol.asyncDispose]: close,
  }
}

async function refuseNewer({ migrations }: Manifest): Promise<void> {
  for (const schema of schemas) {
    const known = await readdir(folders[schema])
    const unknown = migrations[schema].filter((name) => !known.includes(name))
    if (unknown.length > 0)
      throw new ConfigError('The backup was made by a newer version; restore it with that version.')
  }
}

/** A service that runs would go on in the old life of the log. */
async function refuseRunning(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and usename in ('brieftaube_auth', 'brieftaube_chat')`,
  )
  if ((rows[0]?.count ?? 0) > 0)
    throw new ConfigError('The services still run on this database; stop auth and chat first.')
}

async function refuseFilled(client: pg.Client, schema: SchemaName): Promise<void> {
  const table = schema === 'auth' ? 'auth.account' : 'chat.conversation'
  const { rows } = await client.query<{ there: string | null }>('select to_regclass($1) as there', [table])
  if (rows[0]?.there === null) return
  const { rowCount } = await client.query(`select 1 from ${table} limit 1`)
  if ((rowCount ?? 0) > 0)
    throw new ConfigError(
      'There are accounts or conversations on this server already. To give them up for the backup, say --replace.',
    )
}

async function makeSchemas(
  clients: Record<SchemaName, pg.Client>,
  { databases }: TargetParts,
  { migrations, tables }: Manifest,
): Promise<void> {
  for (const schema of schemas) {
    const { ownerUrl, appUrl } = databases[schema]
    await clients[schema].query(`drop schema if exists ${schema} cascade`)
    await migrate({
      ownerUrl,
      appRole: roleOf(appUrl),
      schema,
      directory: folders[schema],
      only: migrations[schema],
    })
    const all = tables.filter((each) => each.schema === schema).map((each) => nameOf(each))
    await clients[schema].query('begin')
    await clients[schema].query(`truncate ${all.join(', ')} cascade`)
  }
}

function nameOf({ schema, table }: TableShape): string {
  return `${schema}.${pg.escapeIdentifier(table)}`
}

function createTableWriter(clients: Record<SchemaName, pg.Client>) {
  let open: { readonly shape: TableShape; readonly stream: CopyStreamQuery } | undefined
  const end = async (): Promise<void> => {
    const stream = open?.stream
    open = undefined
    if (stream === undefined) return
    stream.end()
    await finished(stream)
  }
  const write = async (shape: TableShape, bytes: Uint8Array): Promise<void> => {
    if (open?.shape !== shape) {
      await end()
      const columns = shape.columns.map((column) => pg.escapeIdentifier(column)).join(', ')
      const sql = `copy ${nameOf(shape)} (${columns}) from stdin (format binary)`
      open = { shape, stream: clients[shape.schema].query(copyFrom(sql)) }
    }
    if (!open.stream.write(bytes)) await once(open.stream, 'drain')
  }
  return { write, end }
}

/** Counters go on behind what is there; then everything that a restore changes on purpose. */
async function settle(client: pg.Client, { tables }: Manifest, schema: SchemaName): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     where table_schema = $1 and is_identity = 'YES'`,
    [schema],
  )
  for (const { table, column } of rows)
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), greatest(1, (select max(${pg.escapeIdentifier(column)}) from ${schema}.${pg.escapeIdentifier(table)})))`,
      [`${schema}.${table}`, column],
    )
  for (const statement of schema === 'auth' ? endAllSessions : newLife) await client.query(statement)
  await client.query('commit')
  if (tables.length > 0) await client.query('analyze')
}

/** A device that was revoked since the backup must not come back with an old token. */
const endAllSessions = [
  `insert into auth.revocation (kind, account, at)
     select distinct 'session-ended', account, (extract(epoch from now()) * 1000)::int8 from auth.session where ended_at is null`,
  `update auth.session set ended_at = (extract(epoch from now()) * 1000)::int8 where ended_at is null`,
]

/** One-time key packages that were taken since would be taken a second time: the devices make new ones. */
const newLife = [
  'update chat.incarnation set id = gen_random_uuid(), since = now()',
  'delete from chat.key_package where not last_resort',
]
