/** Full jitter: anywhere between nothing and the cap that doubles, so that a thousand clients do not return at once. */
const FIRST_MS = 1000
const CAP_MS = 20_000

/** `attempt` counts the failures since the last success, from 0; `random` gives [0, 1). */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10)))
}
