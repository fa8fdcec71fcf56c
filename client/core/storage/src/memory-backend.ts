/** The twin in memory: the same order and atomicity, on a "disk" that outlives the store. */
import type { Backend, RawChange, RawRecord } from './backend.ts'
import { StorageError } from './errors.ts'
import type { Sealer } from './sealer.ts'
import { compareKeys, type RecordKey } from './table.ts'

export interface MemoryDisk {
  /** Ascending by key. */
  records: RawRecord[]
  version: number
  used: boolean
  /** Who opened last; only that one writes. */
  owner: symbol | undefined
}

export function createMemoryDisk(): MemoryDisk {
  return { records: [], version: 0, used: false, owner: undefined }
}

export function openMemoryBackend(disk: MemoryDisk, sealer: Sealer): Backend {
  const fresh = !disk.used
  disk.used = true
  const owner = Symbol('owner')
  disk.owner = owner
  return {
    fresh,
    sealer: () => sealer,
    version: () => Promise.resolve(disk.version),
    getMany: (keys) => Promise.resolve(keys.map((key) => find(disk, key)?.sealed)),
    list: (prefix, limit) => Promise.resolve(range(disk, prefix).slice(0, limit)),
    keys: (prefix) => Promise.resolve(range(disk, prefix).map((record) => record.key)),
    write(changes, version) {
      if (disk.owner !== owner) return Promise.reject(formerOwner())
      for (const change of changes) apply(disk, change)
      if (version !== undefined) disk.version = version
      return Promise.resolve()
    },
    wipe() {
      if (disk.owner !== owner) return Promise.reject(formerOwner())
      disk.records = []
      disk.version = 0
      return Promise.resolve()
    },
    onLost() {},
    close: () => Promise.resolve(),
  }
}

function formerOwner(): StorageError {
  return new StorageError('storage-closed', 'the disk was opened again elsewhere')
}

function apply(disk: MemoryDisk, change: RawChange): void {
  if (change.kind === 'remove-range') {
    const from = position(disk, change.prefix)
    disk.records.splice(from, range(disk, change.prefix).length)
    return
  }
  const index = position(disk, change.key)
  const present = find(disk, change.key) === undefined ? 0 : 1
  if (change.kind === 'remove') disk.records.splice(index, present)
  else disk.records.splice(index, present, { key: [...change.key], sealed: change.sealed })
}

function find(disk: MemoryDisk, key: RecordKey): RawRecord | undefined {
  const record = disk.records[position(disk, key)]
  return record !== undefined && compareKeys(record.key, key) === 0 ? record : undefined
}

function range(disk: MemoryDisk, prefix: RecordKey): RawRecord[] {
  const from = position(disk, prefix)
  let to = from
  while (to < disk.records.length && startsWith(disk.records[to]?.key ?? [], prefix)) to++
  return disk.records.slice(from, to)
}

function startsWith(key: RecordKey, prefix: RecordKey): boolean {
  return key.length >= prefix.length && prefix.every((part, index) => key[index] === part)
}

/** The first index whose key is not below `key`. */
function position(disk: MemoryDisk, key: RecordKey): number {
  let low = 0
  let high = disk.records.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const record = disk.records[middle]
    if (record !== undefined && compareKeys(record.key, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}
