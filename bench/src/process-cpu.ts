/** CPU time of a process and all its descendants, from /proc. */
import { readdirSync, readFileSync } from 'node:fs'

const TICK_US = 10_000

/** Microseconds. */
export function treeCpuUs(root: number): number {
  const known = new Map<number, { parent: number; ticks: number }>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = readStat(Number(name))
    if (stat !== undefined) known.set(Number(name), stat)
  }
  let ticks = 0
  for (const [pid, stat] of known) if (descends(pid, root, known)) ticks += stat.ticks
  return ticks * TICK_US
}

function readStat(pid: number): { parent: number; ticks: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return undefined
  }
}

function descends(pid: number, root: number, known: ReadonlyMap<number, { parent: number }>): boolean {
  for (let at = pid; at > 1; at = known.get(at)?.parent ?? 0) if (at === root) return true
  return false
}
