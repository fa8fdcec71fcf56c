/** Where accounts are connected, and who lives, by a clock that the test moves; over the memory cache, shared by both. */
import { randomBytes } from 'node:crypto'
import { idFromBytes, type AccountId } from '@brieftaube/protocol'
import { CacheAwayError, startMemoryCache, type Cache } from '@brieftaube/service-kit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDirectory, type Directory } from '../src/fan-out/directory.ts'
import { createSessions, type Sessions } from '../src/socket/sessions.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const alice = idFromBytes<AccountId>(Uint8Array.from(randomBytes(16)))

interface Node {
  readonly directory: Directory
  readonly reshuffled: () => number
}

/** `accounts` are connected here for as long as the test lasts. */
async function startNode(cache: Cache, self: string, accounts: readonly AccountId[] = []): Promise<Node> {
  let count = 0
  const sessions: Sessions = { ...createSessions(), accounts: () => accounts }
  const directory = await createDirectory({
    cache,
    self,
    sessions,
    onReshuffled: () => count++,
    onFailure: (error) => {
      throw error
    },
  })
  for (const account of accounts) directory.arrived(account)
  await vi.advanceTimersByTimeAsync(0)
  return { directory, reshuffled: () => count }
}

test('an account is found on every process where it is connected, until it departs', async () => {
  const cache = startMemoryCache()
  const here = await startNode(cache, 'here', [alice])
  const there = await startNode(cache, 'there', [alice])
  expect((await here.directory.nodesOf([alice])).map((nodes) => [...nodes].sort())).toEqual([
    ['here', 'there'],
  ])
  expect(here.directory.knownNodesOf([alice])).toBeDefined()
  there.directory.departed(alice)
  await vi.advanceTimersByTimeAsync(0)
  // what was known is forgotten at once
  expect(here.directory.knownNodesOf([alice])).toBeUndefined()
  expect(await here.directory.nodesOf([alice])).toEqual([['here']])
})

test('a process that died counts no more within twenty seconds, though its entries are still there', async () => {
  const cache = startMemoryCache()
  const here = await startNode(cache, 'here')
  await vi.advanceTimersByTimeAsync(11_000)
  await cache.announce(['nodes'], 'there', 15_000)
  await cache.announce([`nodes:${alice}`], 'there', 60_000)
  expect(await here.directory.nodesOf([alice])).toEqual([['there']])
  const before = here.reshuffled()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(here.reshuffled()).toBe(before + 1)
  expect(await here.directory.nodesOf([alice])).toEqual([[]])
  // it was only slow
  await cache.announce(['nodes'], 'there', 60_000)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await here.directory.nodesOf([alice])).toEqual([['there']])
})

test('a process that the cache has forgotten announces everything anew and tells the others', async () => {
  const cache = startMemoryCache()
  const here = await startNode(cache, 'here', [alice])
  const there = await startNode(cache, 'there')
  await vi.advanceTimersByTimeAsync(6_000)
  expect(await there.directory.nodesOf([alice])).toEqual([['here']])
  await cache.withdraw(['nodes', `nodes:${alice}`], 'here')
  await cache.withdraw(['nodes'], 'there')
  const before = there.reshuffled()
  await vi.advanceTimersByTimeAsync(5_500)
  expect(there.reshuffled()).toBeGreaterThan(before)
  expect(await there.directory.nodesOf([alice])).toEqual([['here']])
  expect(here.reshuffled()).toBeGreaterThan(0)
})

test('while the cache is away the last that was known counts', async () => {
  const cache = startMemoryCache()
  let away = false
  const sometimes: Cache = {
    ...cache,
    announced: (keys) => (away ? Promise.reject(new CacheAwayError('away')) : cache.announced(keys)),
  }
  const here = await startNode(sometimes, 'here')
  await startNode(cache, 'there', [alice])
  expect(await here.directory.nodesOf([alice])).toEqual([['there']])
  away = true
  await vi.advanceTimersByTimeAsync(30_000)
  expect(here.directory.knownNodesOf([alice])).toBeUndefined()
  expect(await here.directory.nodesOf([alice])).toEqual([['there']])
  // and nobody is taken for dead
  away = false
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await here.directory.nodesOf([alice])).toEqual([['there']])
})
