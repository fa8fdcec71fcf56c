/**
 * What every form of the store promises, as plain cases without a test runner, so that the same cases run in Node and
 * inside a browser's worker.
 */
import {
  cutMessages,
  defineTable,
  put,
  putMessages,
  remove,
  removeMessages,
  removeRange,
  updateMessage,
  StorageError,
  type CrashPoint,
  type MessageRecord,
  type Migration,
  type Store,
} from '@brieftaube/storage'
import type { ConversationId } from '@brieftaube/protocol'

export interface OpenOptions {
  readonly migrations?: readonly Migration[] | undefined
  readonly crashPoint?: CrashPoint | undefined
}

/** Opens the same storage again and again; each harness begins empty. */
export interface Harness {
  open(options?: OpenOptions): Promise<Store>
}

export interface Case {
  readonly title: string
  run(harness: Harness): Promise<void>
}

interface Line extends MessageRecord {
  readonly text: string
  readonly hash?: Uint8Array | undefined
}
interface Pin {
  readonly name: string
  readonly key: Uint8Array
  readonly nested?: { readonly list: readonly Uint8Array[] } | undefined
}

const pins = defineTable<[string], Pin>('pins')
const outbox = defineTable<[string, number], { text: string }>('outbox')
const groups = defineTable<[string], Uint8Array>('groups')
const room = 'AAAAAAAAAAAAAAAAAAAAAA' as ConversationId
const other = 'BBBBBBBBBBBBBBBBBBBBBA' as ConversationId

export const storeCases: readonly Case[] = [
  {
    title: 'keeps values with bytes at any depth over a reopening',
    async run({ open }) {
      const first = await open()
      expect(first.fresh, true)
      const pin = { name: 'bob', key: Uint8Array.of(1, 2, 3), nested: { list: [Uint8Array.of(9)] } }
      await first.commit([put(pins, ['bob'], pin), put(groups, ['g'], new Uint8Array(70_000).fill(7))])
      await first[Symbol.asyncDispose]()
      const second = await open()
      expect(second.fresh, false)
      expect(await second.get(pins, ['bob']), pin)
      expect((await second.get(groups, ['g']))?.length, 70_000)
      expect(await second.get(pins, ['carla']), undefined)
      expect(await second.getMany(pins, [['carla'], ['bob']]), [undefined, pin])
    },
  },
  {
    title: 'lists in the order of keys, by prefix and up to a limit',
    async run({ open }) {
      const store = await open()
      const rows = [10, 9, 100].flatMap((counter) => [
        put(outbox, ['a', counter], { text: `a${counter}` }),
        put(outbox, ['b', counter], { text: `b${counter}` }),
      ])
      await store.commit([
        ...rows,
        put(outbox, ['ab', 1], { text: 'ab' }),
        put(pins, ['a'], { name: '', key: Uint8Array.of() }),
      ])
      expect(
        (await store.list(outbox, { prefix: ['a'] })).map((row) => row.key),
        [
          ['a', 9],
          ['a', 10],
          ['a', 100],
        ],
      )
      expect(
        (await store.list(outbox, { limit: 4 })).map((row) => row.value.text),
        ['a9', 'a10', 'a100', 'ab'],
      )
      await store.commit([removeRange(outbox, ['a']), remove(outbox, ['b', 9])])
      expect(
        (await store.list(outbox)).map((row) => row.value.text),
        ['ab', 'b10', 'b100'],
      )
      await store.commit([removeRange(outbox, [])])
      expect(await store.list(outbox), [])
      expect((await store.list(pins)).length, 1)
    },
  },
  {
    title: 'carries out the changes of one commit in their order',
    async run({ open }) {
      const store = await open()
      await store.commit([put(outbox, ['a', 1], { text: 'old' })])
      await store.commit([removeRange(outbox, ['a']), put(outbox, ['a', 2], { text: 'new' })])
      expect(
        (await store.list(outbox)).map((row) => row.value.text),
        ['new'],
      )
    },
  },
  {
    title: 'writes nothing of a commit that is killed before it and all of one that is killed after it',
    async run({ open }) {
      for (const point of ['before-commit', 'after-commit'] as const) {
        let armed = false
        const crashPoint: CrashPoint = (at) => {
          if (armed && at === point) throw new Error('killed')
        }
        const store = await open({ crashPoint })
        await store.commit([put(outbox, ['x', 1], { text: 'before' }), removeMessages(room)])
        armed = true
        await rejects(
          store.commit([put(outbox, ['x', 1], { text: 'after' }), putMessages(room, lines(1, 3))]),
          'killed',
        )
        await rejects(store.get(outbox, ['x', 1]), 'killed')
        await store[Symbol.asyncDispose]()
        const again = await open()
        const written = point === 'after-commit'
        expect((await again.get(outbox, ['x', 1]))?.text, written ? 'after' : 'before')
        expect((await again.messages.tail(room, 10)).length, written ? 3 : 0)
        await again[Symbol.asyncDispose]()
      }
    },
  },
  {
    title: 'pages through lines that came one by one, in batches, in holes and before all others',
    run: pagesLikeAnArray,
  },
  {
    title: 'changes one line wherever it lies',
    async run({ open }) {
      const store = await open()
      await store.commit([putMessages(room, lines(1, 300))])
      for (const seq of [1, 64, 65, 200, 300]) {
        await store.commit([updateMessage<Line>(room, seq, (line) => ({ ...line, text: `changed ${seq}` }))])
        expect((await store.messages.get<Line>(room, seq))?.text, `changed ${seq}`)
      }
      await store.commit([updateMessage<Line>(room, 999, (line) => ({ ...line, text: 'nobody' }))])
      expect((await store.messages.pageBefore<Line>(room, 1000, 500)).length, 300)
    },
  },
  {
    title: 'keeps the lines of conversations apart and removes those of one',
    async run({ open }) {
      const store = await open()
      await store.commit([putMessages(room, lines(1, 150)), putMessages(other, lines(1, 150))])
      await store.commit([removeMessages(room), putMessages(room, lines(7, 8))])
      expect(
        (await store.messages.tail(room, 50)).map((line) => line.seq),
        [7, 8],
      )
      expect((await store.messages.tail(other, 500)).length, 150)
    },
  },
  {
    title: 'cuts the end off and takes other lines in its place, wherever the cut lies',
    async run({ open }) {
      for (const after of [0, 1, 63, 64, 65, 130, 250, 299, 300]) {
        const store = await open()
        await store.commit([removeMessages(room), putMessages(room, lines(1, 300))])
        const moved = lines(1, 3).map((line) => ({ ...line, seq: after + line.seq / 4 }))
        await store.commit([cutMessages(room, after), putMessages(room, moved)])
        await store.commit([putMessages(room, lines(after + 1, after + 70))])
        const expected = [...lines(1, after), ...moved, ...lines(after + 1, after + 70)].map(({ seq }) => seq)
        expect(
          (await store.messages.pageBefore<Line>(room, 1000, 1000)).map(({ seq }) => seq),
          expected,
        )
        await store[Symbol.asyncDispose]()
        const again = await open()
        expect(
          (await again.messages.pageAfter<Line>(room, 0, 1000)).map(({ seq }) => seq),
          expected,
        )
        await again[Symbol.asyncDispose]()
      }
    },
  },
  {
    title: 'lets commits that are not awaited follow each other without losing lines',
    async run({ open }) {
      const store = await open()
      await Promise.all(
        Array.from({ length: 100 }, (_unused, index) =>
          store.commit([putMessages(room, lines(index + 1, index + 1))]),
        ),
      )
      expect(
        (await store.messages.tail(room, 500)).map((line) => line.seq),
        lines(1, 100).map((line) => line.seq),
      )
    },
  },
  {
    title: 'carries migrations out once, and refuses what a newer version wrote',
    async run({ open }) {
      await (await open())[Symbol.asyncDispose]()
      let runs = 0
      const migration: Migration = {
        version: 1,
        changes: async (store) => {
          runs++
          return [put(outbox, ['migrated', (await store.list(outbox)).length], { text: 'yes' })]
        },
      }
      for (let opening = 0; opening < 2; opening++) {
        const store = await open({ migrations: [migration] })
        expect((await store.list(outbox)).length, 1)
        await store[Symbol.asyncDispose]()
      }
      expect(runs, 1)
      await rejectsWithCode(open(), 'storage-newer')
    },
  },
  {
    title: 'wipes everything and stays usable',
    async run({ open }) {
      const store = await open()
      await store.commit([put(outbox, ['a', 1], { text: 'x' }), putMessages(room, lines(1, 200))])
      await store.wipe()
      expect(await store.list(outbox), [])
      expect(await store.messages.tail(room, 10), [])
      await store.commit([put(outbox, ['a', 2], { text: 'y' })])
      await store[Symbol.asyncDispose]()
      expect(
        (await (await open()).list(outbox)).map((row) => row.value.text),
        ['y'],
      )
    },
  },
  {
    title: 'refuses values that would come back as something else, and stores nothing of that commit',
    async run({ open }) {
      const store = await open()
      const bad = { text: new Map() as unknown as string }
      await rejects(
        store.commit([put(outbox, ['a', 1], { text: 'x' }), put(outbox, ['a', 2], bad)]),
        'plain objects',
      )
      expect(await store.list(outbox), [])
    },
  },
  {
    title: 'lets only who opened last write, whatever an earlier opening still wants',
    async run({ open }) {
      const former = await open()
      await former.commit([put(outbox, ['a', 1], { text: 'before' })])
      const current = await open()
      await rejectsWithCode(former.commit([put(outbox, ['a', 1], { text: 'stale' })]), 'storage-closed')
      await rejectsWithCode(former.wipe(), 'storage-closed')
      await current.commit([put(outbox, ['a', 2], { text: 'current' })])
      expect(
        (await current.list(outbox)).map((row) => row.value.text),
        ['before', 'current'],
      )
      await former[Symbol.asyncDispose]()
      await current.wipe()
      await current.commit([put(outbox, ['a', 3], { text: 'still' })])
    },
  },
  {
    title: 'is closed after closing',
    async run({ open }) {
      const store = await open()
      const commit = store.commit([put(outbox, ['a', 1], { text: 'in time' })])
      await store[Symbol.asyncDispose]()
      await commit.catch(() => undefined)
      await rejectsWithCode(store.get(outbox, ['a', 1]), 'storage-closed')
      expect((await (await open()).get(outbox, ['a', 1]))?.text, 'in time')
    },
  },
]

/** A store and an array get the same random changes; every page must be the same. Reopened in between. */
async function pagesLikeAnArray({ open }: Harness): Promise<void> {
  const random = seeded(20_261_122)
  let store = await open()
  const model = new Map<number, Line>()
  let next = 1000
  let first = 1000
  for (let step = 0; step < 120; step++) {
    const kind = random(10)
    const batch: Line[] = []
    if (kind < 6)
      for (let count = 1 + random(kind === 0 ? 200 : 4); count > 0; count--)
        batch.push(line((next += 1 + random(3))))
    else if (kind < 7)
      for (let count = 1 + random(60); count > 0; count--) batch.push(line((first -= 1 + random(2))))
    else batch.push({ ...line(first + random(next - first + 1)), text: `again ${step}` })
    await store.commit([putMessages(room, batch)])
    for (const each of batch) model.set(each.seq, each)
    if (random(12) === 0) {
      await store[Symbol.asyncDispose]()
      store = await open()
    }
    const all = [...model.values()].toSorted((a, b) => a.seq - b.seq)
    const seq = first - 2 + random(next - first + 5)
    const count = random(150)
    expect(
      await store.messages.pageBefore(room, seq, count),
      count === 0 ? [] : all.filter((each) => each.seq < seq).slice(-count),
    )
    expect(
      await store.messages.pageAfter(room, seq, count),
      all.filter((each) => each.seq > seq).slice(0, count),
    )
    expect(await store.messages.get(room, seq), model.get(seq))
    expect(await store.messages.tail(room, 50), all.slice(-50))
  }
}

function line(seq: number): Line {
  return { seq, text: `line ${seq}`, hash: Uint8Array.of(seq & 255, seq >> 8) }
}

function lines(from: number, to: number): Line[] {
  return Array.from({ length: to - from + 1 }, (_unused, index) => line(from + index))
}

/** Mulberry32: integers below `limit`. */
function seeded(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

function expect(actual: unknown, expected: unknown): void {
  const [got, wanted] = [printed(actual), printed(expected)]
  if (got !== wanted) throw new Error(`expected ${wanted.slice(0, 600)}, got ${got.slice(0, 600)}`)
}

function printed(value: unknown): string {
  const plain = (item: unknown): unknown => (item instanceof Uint8Array ? `bytes ${item.join(',')}` : item)
  return JSON.stringify(value, (_key, item: unknown) => plain(item)) ?? 'undefined'
}

async function rejects(promise: Promise<unknown>, message: string): Promise<void> {
  const failure: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof Error) || !failure.message.includes(message)) {
    throw new Error(`expected a rejection with "${message}", got ${String(failure)}`)
  }
}

export async function rejectsWithCode(promise: Promise<unknown>, code: StorageError['code']): Promise<void> {
  const failure: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof StorageError) || failure.code !== code)
    throw new Error(`expected ${code}, got ${String(failure)}`)
}
