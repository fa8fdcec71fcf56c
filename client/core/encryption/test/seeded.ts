/** Randomness that a seed repeats. */
export interface Random {
  readonly below: (limit: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(items: readonly T[]) => T | undefined
  readonly sample: <T>(items: readonly T[], count: number) => T[]
}

/** mulberry32 over a hash of the text. */
export function seededRandom(seed: string): Random {
  let state = [...seed].reduce(
    (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0,
    2166136261,
  )
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  function below(limit: number): number {
    return Math.floor(next() * limit)
  }
  function sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items]
    return Array.from({ length: Math.min(count, rest.length) }, () =>
      rest.splice(below(rest.length), 1),
    ).flat()
  }
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)],
    sample,
  }
}
