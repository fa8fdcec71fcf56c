/**
 * Both schemas as one moment shows them: two transactions on one snapshot, one per owner, and PostgreSQL's own COPY. The
 * schema itself is not in it: the migrations make it, so that a backup can be restored into any later version.
 */
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { Part } from './tar.ts'
import { schemas, type SchemaName, type TableShape } from './manifest.ts'

/** Connection URLs of the schemas' owners. */
export type OwnerUrls = Readonly<Record<SchemaName, string>>

export interface Snapshot extends AsyncDisposable {
  readonly migrations: Readonly<Record<SchemaName, string[]>>
  readonly tables: readonly TableShape[]
  /** The rows of all tables, as parts "auth/account/000001" and so on. */
  rows(): AsyncGenerator<Part>
}

const PART_BYTES = 4 * 1024 * 1024

export async function openSnapshot(urls: OwnerUrls): Promise<Snapshot> {
  const clients = {
    auth: new pg.Client({ connectionString: urls.auth }),
    chat: new pg.Client({ connectionString: urls.chat }),
  }
  const close = async () => {
    for (const schema of schemas) await clients[schema].end()
  }
  try {
    for (const schema of schemas) await clients[schema].connect()
    await beginTogether(clients)
    const tables: TableShape[] = []
    for (const schema of schemas) tables.push(...(await tablesOf(clients[schema], schema)))
    const migrations = {
      auth: await applied(clients.auth, 'auth'),
      chat: await applied(clients.chat, 'chat'),
    }
    return { migrations, tables, rows: () => rowsOf(clients, tables), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

async function beginTogether({ auth, chat }: Record<SchemaName, pg.Client>): Promise<void> {
  const begin = 'begin transaction isolation level repeatable read, read only'
  await auth.query(begin)
  const { rows } = await auth.query<{ id: string }>('select pg_export_snapshot() as id')
  await chat.query(begin)
  await chat.query(`set transaction snapshot ${pg.escapeLiteral(rows[0]?.id ?? '')}`)
}

async function applied(client: pg.Client, schema: SchemaName): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`select name from ${schema}.migration order by name`)
  return rows.map((row) => row.name)
}

/** Partitions come with their table; `migration` is written by the migrations themselves. */
async function tablesOf(client: pg.Client, schema: SchemaName): Promise<TableShape[]> {
  const { rows } = await client.query<{ table: string; columns: string[]; needs: string[] }>(
    `select c.relname as table,
       array(select a.attname::text from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
       array(select distinct f.relname::text from pg_constraint k join pg_class f on f.oid = k.confrelid
         where k.conrelid = c.oid and k.contype = 'f') as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'migration'
     order by c.relname`,
    [schema],
  )
  const ordered: TableShape[] = []
  const waiting = [...rows]
  while (waiting.length > 0) {
    const index = waiting.findIndex(({ table, needs }) =>
      needs.every((each) => each === table || ordered.some((done) => done.table === each)),
    )
    const [next] = waiting.splice(Math.max(index, 0), 1)
    if (next !== undefined) ordered.push({ schema, table: next.table, columns: next.columns })
  }
  return ordered
}

async function* rowsOf(
  clients: Record<SchemaName, pg.Client>,
  tables: readonly TableShape[],
): AsyncGenerator<Part> {
  for (const { schema, table, columns } of tables) {
    const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
    const from = `${schema}.${pg.escapeIdentifier(table)}`
    const stream = clients[schema].query(
      copyTo(`copy (select ${list} from ${from}) to stdout (format binary)`),
    )
    let number = 0
    for await (const bytes of inParts(stream)) {
      number++
      yield { name: `${schema}/${table}/${String(number).padStart(6, '0')}`, bytes }
    }
  }
}

async function* inParts(stream: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let held: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    held.push(chunk)
    size += chunk.length
    if (size < PART_BYTES) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(held)
}
