/**
 * A view's next state as what the receiver has already and what it has not. The core keeps the objects of what did not
 * change (messaging, keep-same.ts), so identity tells which is which; ten thousand messages cross a thread once, and
 * then one at a time.
 */

/** Items of the former list from one index up to another, exclusive, or new ones. */
type Run = { readonly kept: readonly [from: number, until: number] } | { readonly added: readonly unknown[] }

/** `rest` are the fields that are no lists; without it the state is itself a list, under the name ''. */
export interface Difference {
  readonly lists: Readonly<Record<string, readonly Run[]>>
  readonly rest?: Readonly<Record<string, unknown>> | undefined
}

/** undefined: nothing could be left out, the state itself is what to send. */
export function differenceOf(before: unknown, after: unknown): Difference | undefined {
  if (Array.isArray(before) && Array.isArray(after)) {
    const runs = runsOf(before, after)
    return keepsAny(runs) ? { lists: { '': runs } } : undefined
  }
  if (!isPlain(before) || !isPlain(after)) return undefined
  const lists: Record<string, readonly Run[]> = {}
  const rest: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(after)) {
    const former = before[name]
    const runs = Array.isArray(value) && Array.isArray(former) ? runsOf(former, value) : []
    if (keepsAny(runs)) lists[name] = runs
    else rest[name] = value
  }
  return Object.keys(lists).length === 0 ? undefined : { lists, rest }
}

/** The state after `before`, with the very objects of what was kept. */
export function applyDifference(before: unknown, { lists, rest }: Difference): unknown {
  if (rest === undefined) return listOf(before, lists[''] ?? [])
  const former = isPlain(before) ? before : {}
  const grown = Object.entries(lists).map(([name, runs]) => [name, listOf(former[name], runs)] as const)
  return { ...rest, ...Object.fromEntries(grown) }
}

function runsOf(before: readonly unknown[], after: readonly unknown[]): readonly Run[] {
  const runs: Run[] = []
  const added: unknown[] = []
  let places: Map<unknown, number> | undefined
  let next = 0
  for (let index = 0; index < after.length;) {
    const item = after[index]
    if (next >= before.length || before[next] !== item) {
      // mostly the lists run in parallel; only where they part is the table worth its while
      places ??= new Map(before.map((each, place) => [each, place]))
      const place = places.get(item)
      if (place === undefined) {
        added.push(item)
        index += 1
        continue
      }
      next = place
    }
    if (added.length > 0) runs.push({ added: added.splice(0) })
    const from = next
    while (index < after.length && next < before.length && before[next] === after[index]) {
      index += 1
      next += 1
    }
    runs.push({ kept: [from, next] })
  }
  if (added.length > 0) runs.push({ added })
  return runs
}

function keepsAny(runs: readonly Run[]): boolean {
  return runs.some((run) => 'kept' in run)
}

function listOf(before: unknown, runs: readonly Run[]): readonly unknown[] {
  const former: readonly unknown[] = Array.isArray(before) ? before : []
  return runs.flatMap((run) => ('kept' in run ? former.slice(...run.kept) : run.added))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)
}
