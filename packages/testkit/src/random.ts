/** Randomness that can be had again: a seed in, the same run out (mulberry32). */
export interface Random {
  readonly seed: number
  /** [0, 1) */
  next(): number
  /** 0 … below − 1 */
  below(below: number): number
  pick<T>(from: readonly T[]): T
  chance(probability: number): boolean
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    seed,
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const item = from[below(from.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
  }
}

/** From BRIEFTAUBE_SEED, or another one each time; it is printed where a run fails. */
export function seedOfRun(): number {
  const given = process.env['BRIEFTAUBE_SEED']
  return given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)
}
