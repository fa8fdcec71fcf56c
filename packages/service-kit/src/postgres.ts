/**
 * PostgreSQL: roles, migrations and pools. Every service owns one schema. Its migrations run as the schema's owner; the
 * service itself connects as a role that may only read and write rows, so that an injection cannot change the schema.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'

/** Connection URLs of one service's two roles, as `pg` understands them. */
export interface ServiceDatabase {
  readonly ownerUrl: string
  readonly appUrl: string
}

export interface MigrationPlan {
  readonly ownerUrl: string
  /** The role that gets row access, and nothing more. */
  readonly appRole: string
  readonly schema: string
  /** Holds `0001-what-it-does.sql`, `0002-…`: forward only, one reason each. */
  readonly directory: string
  /** These and no others: the form of an older version, for what is restored into it. */
  readonly only?: readonly string[] | undefined
}

// int8 columns are counters and milliseconds below 2^53
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** A pool of the application role with the service's schema as its search path. */
export function openPool(service: ServiceDatabase, options: { schema: string; max: number }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: service.appUrl,
    max: options.max,
    options: `-c search_path=${options.schema}`,
    application_name: `brieftaube-${options.schema}`,
    connectionTimeoutMillis: 10_000,
  })
  // an idle connection that breaks is replaced at its next use; without a listener it would end the process
  pool.on('error', () => undefined)
  return pool
}

export function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username)
}

/** Applies what is missing, each file in its own transaction, one runner at a time. Throws when an applied file changed. */
export async function migrate(plan: MigrationPlan): Promise<void> {
  const client = new pg.Client({ connectionString: plan.ownerUrl, options: `-c search_path=${plan.schema}` })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [`migrate ${plan.schema}`])
    await client.query(`create schema if not exists ${pg.escapeIdentifier(plan.schema)}`)
    await client.query(
      'create table if not exists migration (name text primary key, sha256 text not null, at timestamptz not null default now())',
    )
    const before = await appliedMigrations(client)
    const names = (await readdir(plan.directory))
      .filter((name) => /^\d{4}-.+\.sql$/.test(name) && (plan.only?.includes(name) ?? true))
      .sort()
    for (const name of names) await applyOnce(client, { before, name, directory: plan.directory })
    await grantRows(client, plan)
    if (names.some((name) => !before.has(name))) await client.query('analyze')
  } finally {
    await client.end()
  }
}

async function appliedMigrations(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from migration')
  return new Map(rows.map((row) => [row.name, row.sha256]))
}

async function applyOnce(
  client: pg.Client,
  { before, name, directory }: { before: ReadonlyMap<string, string>; name: string; directory: string },
): Promise<void> {
  const sql = await readFile(path.join(directory, name), 'utf8')
  const sha256 = createHash('sha256').update(sql).digest('hex')
  const known = before.get(name)
  if (known === sha256) return
  if (known !== undefined) throw new Error(`migration ${name} was changed after it was applied`)
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into migration (name, sha256) values ($1, $2)', [name, sha256])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`migration ${name} failed`, { cause })
  }
}

async function grantRows(client: pg.Client, plan: MigrationPlan): Promise<void> {
  const schema = pg.escapeIdentifier(plan.schema)
  const role = pg.escapeIdentifier(plan.appRole)
  await client.query(`
    grant usage on schema ${schema} to ${role};
    grant select, insert, update, delete on all tables in schema ${schema} to ${role};
    revoke insert, update, delete on migration from ${role};
    grant usage, select on all sequences in schema ${schema} to ${role};
    grant execute on all functions in schema ${schema} to ${role};`)
}

/**
 * Creates the database and, per service, an owner and an application role with the given passwords, as a superuser.
 * Existing ones are kept; passwords are set anew.
 */
export async function prepareDatabase(options: {
  adminUrl: string
  name: string
  /** Role → password; for each service `brieftaube_<service>_owner` and `brieftaube_<service>`. */
  passwordOf: (role: string) => string
}): Promise<{ auth: ServiceDatabase; chat: ServiceDatabase }> {
  const roles = ['auth', 'chat'].flatMap((service) => [
    `brieftaube_${service}_owner`,
    `brieftaube_${service}`,
  ])
  await asAdmin(options.adminUrl, async (admin) => {
    // roles belong to the whole cluster: two preparations at once would race
    await admin.query(`select pg_advisory_lock(hashtext('brieftaube roles'))`)
    for (const role of roles) await ensureRole(admin, role, options.passwordOf(role))
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [options.name])
    if (rowCount === 0)
      await admin.query(
        `create database ${pg.escapeIdentifier(options.name)} encoding 'UTF8' template template0`,
      )
  })
  const name = pg.escapeIdentifier(options.name)
  await asAdmin(withDatabase(options.adminUrl, options.name), async (admin) => {
    await admin.query(`revoke all on database ${name} from public; revoke all on schema public from public`)
    for (const role of roles) await admin.query(`grant connect on database ${name} to ${role}`)
    for (const role of roles.filter((each) => each.endsWith('_owner')))
      await admin.query(`grant create on database ${name} to ${role}`)
  })
  const urlFor = (role: string) =>
    withUser(withDatabase(options.adminUrl, options.name), role, options.passwordOf(role))
  return {
    auth: { ownerUrl: urlFor('brieftaube_auth_owner'), appUrl: urlFor('brieftaube_auth') },
    chat: { ownerUrl: urlFor('brieftaube_chat_owner'), appUrl: urlFor('brieftaube_chat') },
  }
}

async function asAdmin(url: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

async function ensureRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('select 1 from pg_roles where rolname = $1', [role])
  const verb = rowCount === 0 ? 'create' : 'alter'
  await admin.query(`${verb} role ${pg.escapeIdentifier(role)} login password ${pg.escapeLiteral(password)}`)
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(name)}`
  return changed.href
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = encodeURIComponent(password)
  return changed.href
}
