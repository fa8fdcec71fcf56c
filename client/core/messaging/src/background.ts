/** Work that nobody waits for. Its failures are logged, and closing waits for what has begun. */
import { ProtocolError } from '@brieftaube/protocol'
import type { Log } from './core.ts'

export interface Background {
  run(name: string, task: () => Promise<unknown>): void
  /** Later, unless the core is closed by then. */
  after(delayMs: number, name: string, task: () => Promise<unknown>): () => void
  close(): Promise<void>
}

export function createBackground(log: Log): Background {
  const running = new Set<Promise<void>>()
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let closed = false

  function run(name: string, task: () => Promise<unknown>): void {
    if (closed) return
    const attempt = async () => {
      try {
        await task()
      } catch (thrown) {
        if (!closed) log('task-failed', { name, reason: reasonOf(thrown) })
      }
    }
    const work = attempt().finally(() => running.delete(work))
    running.add(work)
  }

  return {
    run,
    after: (delayMs, name, task) => {
      if (closed) return () => undefined
      const timer = setTimeout(() => {
        timers.delete(timer)
        run(name, task)
      }, delayMs)
      timers.add(timer)
      return () => {
        timers.delete(timer)
        clearTimeout(timer)
      }
    },
    close: async () => {
      closed = true
      for (const timer of timers) clearTimeout(timer)
      await Promise.race([
        Promise.allSettled([...running]),
        new Promise((resolve) => setTimeout(resolve, 1000)),
      ])
    },
  }
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof ProtocolError) return thrown.code
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}`.slice(0, 200) : 'unknown'
}
