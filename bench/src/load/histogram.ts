/** Counts latencies in buckets of about 3 % width, so that a million samples cost nothing and no average hides the tail. */
const BUCKETS_PER_OCTAVE = 32
const OCTAVES = 32

export interface Summary {
  readonly count: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

export interface Histogram {
  record(milliseconds: number): void
  summary(): Summary
}

export function createHistogram(): Histogram {
  const counts = new Uint32Array(BUCKETS_PER_OCTAVE * OCTAVES)
  let total = 0
  let max = 0
  const quantile = (share: number): number => {
    let left = Math.ceil(total * share)
    for (let bucket = 0; bucket < counts.length; bucket++) {
      left -= counts[bucket] ?? 0
      if (left <= 0) return Math.min(max, 2 ** ((bucket + 1) / BUCKETS_PER_OCTAVE) / 1000)
    }
    return max
  }
  return {
    record: (milliseconds) => {
      const microseconds = Math.max(1, milliseconds * 1000)
      const bucket = Math.min(counts.length - 1, Math.floor(Math.log2(microseconds) * BUCKETS_PER_OCTAVE))
      counts[bucket] = (counts[bucket] ?? 0) + 1
      total += 1
      if (milliseconds > max) max = milliseconds
    },
    summary: () => ({
      count: total,
      p50Ms: total === 0 ? 0 : quantile(0.5),
      p95Ms: total === 0 ? 0 : quantile(0.95),
      p99Ms: total === 0 ? 0 : quantile(0.99),
      maxMs: max,
    }),
  }
}
