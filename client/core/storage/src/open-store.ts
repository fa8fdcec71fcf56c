/** The store over a backend: encodes and seals outside of the transaction, then writes all of a commit in one. */
import { MalformedError, type Bytes } from '@brieftaube/protocol'
import type { Backend, RawChange } from './backend.ts'
import type { Change } from './change.ts'
import { decodeValue, encodeValue } from './codec.ts'
import { StorageError } from './errors.ts'
import { createMessageLogs, type MessageLogs, type Units } from './message-logs.ts'
import { createQueue } from './queue.ts'
import type { CrashPoint, Migration, Store } from './store.ts'
import type { RecordKey } from './table.ts'

interface Context {
  readonly backend: Backend
  readonly name: string
  readonly crashPoint: CrashPoint | undefined
  readonly logs: MessageLogs
  /** What every later call rejects with, once it is set. */
  dead: Error | undefined
}

export async function openStore(
  backend: Backend,
  name: string,
  options: {
    readonly migrations?: readonly Migration[] | undefined
    readonly crashPoint?: CrashPoint | undefined
  },
): Promise<Store> {
  const context: Context = {
    backend,
    name,
    crashPoint: options.crashPoint,
    logs: createMessageLogs(unitsOf(backend, name)),
    dead: undefined,
  }
  const store = storeOf(context)
  try {
    await migrate(context, store, options.migrations ?? [])
  } catch (error) {
    await backend.close()
    throw error
  }
  return store
}

function storeOf(context: Context): Store {
  const { backend, name, logs } = context
  const queue = createQueue()
  /** Message logs are read between commits, never across one: a commit may move lines from unit to unit. */
  const between = <Result>(work: () => Promise<Result>): Promise<Result> => queue(() => alive(context, work))
  const one = async (table: string, keys: readonly RecordKey[]): Promise<unknown[]> => {
    const rows = keys.map((key) => [table, ...key])
    const sealed = await backend.getMany(rows)
    return Promise.all(sealed.map((each, index) => openRow(backend, name, rows[index] ?? [], each)))
  }
  return {
    fresh: backend.fresh,
    get: (table, key) => alive(context, async () => (await one(table.name, [key]))[0] as never),
    getMany: (table, keys) => alive(context, async () => (await one(table.name, keys)) as never[]),
    list: (table, range) =>
      alive(context, async () => {
        const rows = await backend.list([table.name, ...(range?.prefix ?? [])], range?.limit)
        const values = await Promise.all(rows.map((row) => openRow(backend, name, row.key, row.sealed)))
        return rows.map((row, index) => ({ key: row.key.slice(1) as never, value: values[index] as never }))
      }),
    messages: {
      tail: (conversation, count) =>
        between(() => logs.pageBefore(conversation, Infinity, count)) as Promise<never[]>,
      pageBefore: (conversation, seq, count) =>
        between(() => logs.pageBefore(conversation, seq, count)) as Promise<never[]>,
      pageAfter: (conversation, seq, count) =>
        between(() => logs.pageAfter(conversation, seq, count)) as Promise<never[]>,
      get: (conversation, seq) => between(() => logs.get(conversation, seq)) as Promise<never>,
    },
    commit: (changes) => between(() => commit(context, changes)),
    wipe: () =>
      between(async () => {
        logs.forget()
        await backend.wipe()
      }),
    onLost: (listener) => {
      backend.onLost(listener)
    },
    async [Symbol.asyncDispose]() {
      // What was called before is finished first.
      await queue(async () => {
        context.dead ??= new StorageError('storage-closed', 'the store is closed')
        await backend.close()
      })
    },
  }
}

async function alive<Result>(context: Context, work: () => Promise<Result>): Promise<Result> {
  refuseDead(context)
  const result = await work()
  // A killed process hears no answers either.
  refuseDead(context)
  return result
}

function refuseDead(context: Context): void {
  if (context.dead !== undefined) throw context.dead
}

async function commit(context: Context, changes: readonly Change[], version?: number): Promise<void> {
  try {
    const raw = await sealChanges(context, changes)
    crash(context, 'before-commit', changes)
    await context.backend.write(raw, version)
    context.logs.settle()
  } catch (error) {
    context.logs.forget()
    throw error
  }
  crash(context, 'after-commit', changes)
}

function crash(context: Context, point: 'before-commit' | 'after-commit', changes: readonly Change[]): void {
  try {
    context.crashPoint?.(point, changes)
  } catch (error) {
    context.dead = error instanceof Error ? error : new Error('killed', { cause: error })
    throw context.dead
  }
}

async function sealChanges(context: Context, changes: readonly Change[]): Promise<RawChange[]> {
  const plain: (RawChange | { readonly kind: 'seal'; readonly key: RecordKey; readonly bytes: Bytes })[] = []
  for (const change of changes) {
    if (change.kind === 'put') {
      plain.push({ kind: 'seal', key: [change.table, ...change.key], bytes: encodeValue(change.value) })
    } else if (change.kind === 'remove') {
      plain.push({ kind: 'remove', key: [change.table, ...change.key] })
    } else if (change.kind === 'remove-range') {
      plain.push({ kind: 'remove-range', prefix: [change.table, ...change.prefix] })
    } else {
      await context.logs.change(change)
    }
  }
  for (const unit of context.logs.changedUnits()) {
    plain.push(unit.kind === 'put' ? { kind: 'seal', key: unit.key, bytes: encodeValue(unit.records) } : unit)
  }
  return Promise.all(
    plain.map(async (change) =>
      change.kind === 'seal'
        ? {
            kind: 'put',
            key: change.key,
            sealed: await context.backend.sealer().seal(contextOf(context.name, change.key), change.bytes),
          }
        : change,
    ),
  )
}

/** What a record is bound to: moved to another key, table or database it does not open. */
function contextOf(name: string, key: RecordKey): string {
  return JSON.stringify([name, ...key])
}

async function openRow(
  backend: Backend,
  name: string,
  key: RecordKey,
  sealed: Uint8Array | undefined,
): Promise<unknown> {
  if (sealed === undefined) return undefined
  const plain = await backend.sealer().open(contextOf(name, key), sealed)
  if (plain === undefined)
    throw new StorageError('storage-damaged', `a record of ${String(key[0])} does not open`)
  try {
    return decodeValue(plain)
  } catch (error) {
    if (error instanceof MalformedError)
      throw new StorageError('storage-damaged', 'a record is malformed', error)
    throw error
  }
}

function unitsOf(backend: Backend, name: string): Units {
  return {
    keys: (prefix) => backend.keys(prefix),
    async list(prefix) {
      const rows = await backend.list(prefix, undefined)
      return Promise.all(
        rows.map(async (row) => ({
          key: row.key,
          records: (await openRow(backend, name, row.key, row.sealed)) as never[],
        })),
      )
    },
    async getMany(keys) {
      const rows = await backend.getMany(keys)
      return Promise.all(
        rows.map(
          async (sealed, index) =>
            ((await openRow(backend, name, keys[index] ?? [], sealed)) ?? []) as never[],
        ),
      )
    },
  }
}

async function migrate(context: Context, store: Store, migrations: readonly Migration[]): Promise<void> {
  const target = migrations.at(-1)?.version ?? 0
  if (context.backend.fresh) return context.backend.write([], target)
  const stored = await context.backend.version()
  if (stored > target)
    throw new StorageError('storage-newer', `version ${stored} is stored, ${target} is known`)
  for (const migration of migrations) {
    if (migration.version > stored) await commit(context, await migration.changes(store), migration.version)
  }
}
