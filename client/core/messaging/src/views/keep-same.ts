/**
 * Every push computes its view anew. Taking over the former objects where nothing changed tells the bridge what need not
 * cross to the window again, and the hub that there is nothing to tell at all.
 */

/** A value equal to `after`, made of the objects of `before` as far as they are equal; `before` itself if all is. */
export function keepSame<State>(before: unknown, after: State): State {
  return kept(before, after) as State
}

function kept(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return before
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
    return after
  if (before instanceof Uint8Array || after instanceof Uint8Array)
    return before instanceof Uint8Array && after instanceof Uint8Array && sameBytes(before, after)
      ? before
      : after
  if (Array.isArray(before) || Array.isArray(after))
    return Array.isArray(before) && Array.isArray(after) ? keptList(before, after) : after
  return keptRecord(before as Record<string, unknown>, after as Record<string, unknown>)
}

function keptRecord(before: Record<string, unknown>, after: Record<string, unknown>): unknown {
  const names = Object.keys(after)
  let same = names.length === Object.keys(before).length
  let copy: Record<string, unknown> | undefined
  for (const name of names) {
    const value = after[name]
    const taken = kept(before[name], value)
    if (taken !== before[name] || !(name in before)) same = false
    if (taken !== value) {
      copy ??= { ...after }
      copy[name] = taken
    }
  }
  return same ? before : (copy ?? after)
}

function keptList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const find = finder(before)
  const list = after.map((item) => kept(find(item), item))
  const same = list.length === before.length && list.every((item, index) => item === before[index])
  return same ? before : list
}

/** The former item that goes by the same name: mostly at the next place, else found by a table. */
function finder(before: readonly unknown[]): (item: unknown) => unknown {
  let next = 0
  let places: Map<unknown, number> | undefined
  return (item) => {
    const name = nameOf(item)
    if (next >= before.length || nameOf(before[next]) !== name) {
      places ??= new Map(before.map((each, index) => [nameOf(each), index]))
      const place = places.get(name)
      if (place === undefined) return undefined
      next = place
    }
    next += 1
    return before[next - 1]
  }
}

/** What rows of views go by; anything else goes by itself. */
function nameOf(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item
  const { key, conversation, account, device } = item as Record<string, unknown>
  return key ?? conversation ?? account ?? device
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
