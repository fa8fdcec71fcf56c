/** Child processes that report when they are ready, and what a process tree costs, from /proc. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Child extends AsyncDisposable {
  readonly pid: number
  readonly port: number
  /** Sends a question and resolves to the next answer. */
  ask(question: unknown): Promise<unknown>
}

interface Ready {
  readonly port: number
}

/** Starts a module with its configuration; it answers `Ready` when it listens. */
export async function startChild(
  module: URL,
  configuration: unknown,
  execArgv: readonly string[] = [],
): Promise<Child> {
  const child = fork(fileURLToPath(module), [], { execArgv: [...execArgv], serialization: 'advanced' })
  const answer = nextAnswer(child)
  child.send(configuration as object)
  const { port } = (await answer) as Ready
  return {
    pid: child.pid ?? 0,
    port,
    ask: (question) => {
      const next = nextAnswer(child)
      child.send(question as object)
      return next
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

function nextAnswer(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the process ended with ${String(code)}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message)
    })
  })
}

const TICKS_PER_SECOND = 100

/** Seconds of CPU that the processes and all that descend from them have used, those that ended included. */
export function cpuSecondsOf(roots: readonly number[]): number {
  const ticks = treeOf(roots).reduce((sum, pid) => sum + ticksOf(pid), 0)
  return ticks / TICKS_PER_SECOND
}

function treeOf(roots: readonly number[]): number[] {
  const childrenOf = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    const parent = Number(statOf(pid)?.[1] ?? 0)
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid])
  }
  const tree = [...roots]
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []))
  return [...new Set(tree)]
}

/** user and system, own and of waited-for children (proc(5), fields 14 to 17). */
function ticksOf(pid: number): number {
  const fields = statOf(pid)
  return fields === undefined ? 0 : fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
}

/** The fields behind the command's name: [0] state, [1] parent … */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Seconds that all cores together have worked, for whomever. */
export function machineBusySeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = readFileSync(
    '/proc/stat',
    'utf8',
  )
    .slice(5, 400)
    .trim()
    .split(/\s+/)
    .map(Number)
  return (user + nice + system + irq + softIrq + steal) / TICKS_PER_SECOND
}

export function residentBytesOf(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))
  return Number(match?.[1] ?? 0) * 1024
}
