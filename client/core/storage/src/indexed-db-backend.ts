/**
 * IndexedDB: one object store of sealed records by array key, one for the storage key and the schema's number. Every
 * write is one transaction with `durability: 'strict'`: when it has completed, a power cut does not undo it. Only who
 * opened last can write: a tab that was frozen and replaced must not go on with state that is out of date.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb'
import type { Backend, RawChange, RawRecord } from './backend.ts'
import { StorageError } from './errors.ts'
import type { Sealer, StorageKeys } from './sealer.ts'
import type { RecordKey } from './table.ts'

/** The form of the database itself; what the values mean is the business of `Migration`. */
const FORM_VERSION = 1
const STORAGE_KEY = 'storage-key'
const VERSION = 'version'
/** Who opened last; only that one writes. */
const OWNER = 'owner'

interface Form extends DBSchema {
  records: { key: (string | number)[]; value: Uint8Array }
  device: { key: string; value: CryptoKey | number | string }
}
type Database = IDBPDatabase<Form>

interface Open {
  readonly database: Database
  readonly owner: string
  sealer: Sealer
  lost: boolean
  closed: boolean
  readonly lostListeners: (() => void)[]
}

export async function openIndexedDbBackend(name: string, keys: StorageKeys): Promise<Backend> {
  const lostListeners: (() => void)[] = []
  const state: { open: Open | undefined } = { open: undefined }
  const database = await guard(undefined, () => connect(name, () => lose(state.open)))
  const { key, fresh } = await guard(undefined, () => storageKey(database, keys))
  const owner = crypto.randomUUID()
  await guard(undefined, () => database.put('device', owner, OWNER))
  const open: Open = { database, owner, sealer: keys.sealer(key), lost: false, closed: false, lostListeners }
  state.open = open
  return {
    fresh,
    sealer: () => open.sealer,
    version: () => guard(open, async () => Number((await database.get('device', VERSION)) ?? 0)),
    getMany: (wanted) => guard(open, () => getMany(database, wanted)),
    list: (prefix, limit) => guard(open, () => list(database, prefix, limit)),
    keys: (prefix) => guard(open, () => database.getAllKeys('records', within(prefix))),
    write: (changes, version) => guard(open, () => write(open, changes, version)),
    wipe: () => guard(open, () => wipe(open, keys)),
    onLost: (listener) => {
      lostListeners.push(listener)
    },
    close() {
      open.closed = true
      database.close()
      return Promise.resolve()
    },
  }
}

function connect(name: string, lost: () => void): Promise<Database> {
  return openDB<Form>(name, FORM_VERSION, {
    upgrade(database) {
      database.createObjectStore('records')
      database.createObjectStore('device')
    },
    // Another context deletes or upgrades the database: holding on would block it, and what it does ends this store.
    blocking(_current, _blocked, event) {
      ;(event.target as IDBDatabase).close()
      lost()
    },
    terminated: lost,
  })
}

function lose(open: Open | undefined): void {
  if (open === undefined || open.lost || open.closed) return
  open.lost = true
  for (const listener of open.lostListeners) listener()
}

/** Records without their key are unreadable: the browser has removed a part, and the rest is worth nothing. */
async function storageKey(
  database: Database,
  keys: StorageKeys,
): Promise<{ key: CryptoKey; fresh: boolean }> {
  const stored = await database.get('device', STORAGE_KEY)
  if (stored !== undefined) return { key: stored as CryptoKey, fresh: false }
  if ((await database.count('records')) > 0) {
    await database.clear('records')
    throw new StorageError('storage-lost', 'the storage key is gone')
  }
  const key = await keys.create()
  await database.put('device', key, STORAGE_KEY)
  return { key, fresh: true }
}

async function wipe(open: Open, keys: StorageKeys): Promise<void> {
  const key = await keys.create()
  await change(open, (records, device) => {
    unheard(records.clear())
    unheard(device.clear())
    unheard(device.put(key, STORAGE_KEY))
    unheard(device.put(open.owner, OWNER))
  })
  open.sealer = keys.sealer(key)
}

async function getMany(database: Database, keys: readonly RecordKey[]): Promise<(Uint8Array | undefined)[]> {
  const store = database.transaction('records').store
  return Promise.all(keys.map((key) => store.get([...key])))
}

async function list(database: Database, prefix: RecordKey, limit: number | undefined): Promise<RawRecord[]> {
  const store = database.transaction('records').store
  const range = within(prefix)
  const [keys, values] = await Promise.all([store.getAllKeys(range, limit), store.getAll(range, limit)])
  return keys.map((key, index) => ({ key, sealed: values[index] ?? new Uint8Array(0) }))
}

type Stores = ('records' | 'device')[]
type ForWriting<Name extends Stores[number]> = IDBPObjectStore<Form, Stores, Name, 'readwrite'>

/**
 * One transaction for writing. It is undone when somebody else has opened the database since: the owner is read within
 * it, ahead of everything that it writes, without waiting for the answer in between.
 */
async function change(
  open: Open,
  write: (records: ForWriting<'records'>, device: ForWriting<'device'>) => void,
): Promise<void> {
  const stores: Stores = ['records', 'device']
  const transaction = open.database.transaction(stores, 'readwrite', { durability: 'strict' })
  const device = transaction.objectStore('device')
  let replaced = false
  unheard(
    device.get(OWNER).then((owner) => {
      if (owner === open.owner) return
      replaced = true
      transaction.abort()
    }),
  )
  write(transaction.objectStore('records'), device)
  try {
    await transaction.done
  } catch (error) {
    if (replaced) throw new StorageError('storage-closed', 'the database was opened again elsewhere')
    throw error
  }
}

function write(open: Open, changes: readonly RawChange[], version: number | undefined): Promise<void> {
  return change(open, (records, device) => {
    for (const each of changes) {
      if (each.kind === 'put') unheard(records.put(each.sealed, [...each.key]))
      else unheard(records.delete(each.kind === 'remove' ? [...each.key] : within(each.prefix)))
    }
    if (version !== undefined) unheard(device.put(version, VERSION))
  })
}

/** A request that fails aborts its transaction, and only the transaction's own error says why (such as the quota). */
function unheard(request: Promise<unknown>): void {
  request.catch(() => undefined)
}

/** Every key that begins with `prefix`: arrays order after numbers and text. */
function within(prefix: RecordKey): IDBKeyRange {
  return IDBKeyRange.bound([...prefix], [...prefix, []])
}

async function guard<Result>(open: Open | undefined, work: () => Promise<Result>): Promise<Result> {
  if (open?.closed === true) throw new StorageError('storage-closed', 'the store is closed')
  if (open?.lost === true) throw new StorageError('storage-lost', 'the browser removed the database')
  try {
    return await work()
  } catch (error) {
    throw translate(error, open)
  }
}

function translate(error: unknown, open: Open | undefined): StorageError {
  if (error instanceof StorageError) return error
  if (open?.lost === true) return new StorageError('storage-lost', 'the browser removed the database', error)
  const name = error instanceof Error ? error.name : ''
  if (name === 'QuotaExceededError') return new StorageError('storage-full', 'the quota is used up', error)
  if (name === 'VersionError') return new StorageError('storage-newer', 'written by a newer version', error)
  return new StorageError('storage-failed', `storage failed (${name})`, error)
}
