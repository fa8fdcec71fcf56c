/** A real Redis of the test's own, on a Unix socket, without persistence. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createConnection } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface TestRedis extends AsyncDisposable {
  readonly url: string
  /** Kills it without warning; `start` brings an empty one up at the same place. */
  kill(): Promise<void>
  start(): Promise<void>
}

export async function startTestRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'brieftaube-redis-'))
  const path = join(folder, 'socket')
  let running: ChildProcess | undefined
  const start = async (): Promise<void> => {
    const options = ['--port', '0', '--unixsocket', path, '--save', '', '--appendonly', 'no', '--dir', folder]
    running = spawn('redis-server', options, { stdio: 'ignore' })
    await untilAnswering(path)
  }
  const kill = async (): Promise<void> => {
    if (running === undefined) return
    const gone = once(running, 'exit')
    running.kill('SIGKILL')
    running = undefined
    await gone
    rmSync(path, { force: true })
  }
  await start()
  return {
    url: path,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilAnswering(path: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const probe = createConnection(path, () => {
        probe.destroy()
        resolve(true)
      }).on('error', () => resolve(false))
    })
    if (open) return
    await sleep(25)
  }
  throw new Error('redis-server does not come up')
}
