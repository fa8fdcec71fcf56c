/** The data folder: writable, used by one process at a time, private to its owner. */
import { chmod, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** An explanation for the person at the terminal; no stack. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export interface DataFolder extends AsyncDisposable {
  readonly path: string
}

/** Throws `StartError` when the folder cannot be used. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    const probe = path.join(folder, '.write-test')
    await writeFile(probe, '')
    await rm(probe)
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new StartError(
      `The data folder ${folder} cannot be written (${reason}). Choose another one with --data.`,
      { cause },
    )
  }
  const lock = path.join(folder, 'running.pid')
  await takeLock(lock, folder)
  return { path: folder, [Symbol.asyncDispose]: () => rm(lock, { force: true }) }
}

async function takeLock(lock: string, folder: string): Promise<void> {
  for (const attempt of [1, 2]) {
    try {
      const file = await open(lock, 'wx', 0o600)
      await file.writeFile(String(process.pid))
      await file.close()
      return
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
      const pid = Number(await readFile(lock, 'utf8').catch(() => ''))
      if (attempt === 2 || (pid !== process.pid && isRunning(pid)))
        throw new StartError(
          `Another Brieftaube (process ${pid}) is using ${folder}. Stop it first, or choose another folder with --data.`,
        )
      // it was killed and could not tidy up
      await rm(lock, { force: true })
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
