/** A core with one conversation on a disk that all tabs share; slow enough to be killed in the middle of a command. */
import type { CommandContext, CoreHost, TextMessageView } from '@brieftaube/contract'
import type { ConversationId } from '@brieftaube/protocol'

export const room = 'AAAAAAAAAAAAAAAAAAAAAA' as ConversationId

export interface ToyDisk {
  readonly lines: { readonly localId: string; readonly text: string }[]
  /** How many cores run now, and ever did. */
  running: number
  /** Which core opened the disk last; only that one writes. */
  owner: number
  started: number
  readonly registered: string[]
  readonly seen: CommandContext[]
}

export function createToyDisk(): ToyDisk {
  return { lines: [], running: 0, owner: 0, started: 0, registered: [], seen: [] }
}

interface ToyOptions {
  readonly alive: () => boolean
  readonly frozen: () => boolean
  readonly pauseMs: () => number
}

export async function startToyCore(disk: ToyDisk, { alive, frozen, pauseMs }: ToyOptions): Promise<CoreHost> {
  await pause(pauseMs())
  if (!alive()) return new Promise(() => undefined)
  disk.started++
  disk.running++
  disk.owner++
  const owner = disk.owner
  const listeners = new Set<() => void>()
  const step = async (): Promise<void> => {
    await pause(pauseMs())
    // A killed tab does nothing more, and answers nobody.
    while (frozen() && alive()) await pause(1)
    if (!alive()) await new Promise(() => undefined)
    if (disk.owner !== owner) throw Object.assign(new Error('fenced'), { code: 'storage-closed' })
  }
  const commands: Record<string, (input: never) => Promise<unknown>> = {
    async sendText({ localId, text }: { localId: string; text: string }) {
      await step()
      if (!disk.lines.some((line) => line.localId === localId)) disk.lines.push({ localId, text })
      for (const listener of listeners) listener()
      await step()
      return undefined
    },
    async register({ userName }: { userName: string }) {
      await step()
      disk.registered.push(userName)
      await step()
      return { recoveryKey: 'key' }
    },
    async setDraft() {
      await step()
      throw Object.assign(new Error('full'), { code: 'storage-full' })
    },
    async reconnect() {
      await Promise.resolve()
      return undefined
    },
  }
  return {
    call: (async (name: string, input: unknown, context: CommandContext) => {
      disk.seen.push(context)
      return commands[name]?.(input as never)
    }) as CoreHost['call'],
    watch: ((_name: string, _parameter: unknown, listener: (state: unknown) => void) => {
      const tell = (): void => {
        listener({
          conversation: room,
          messages: disk.lines.map(lineView),
          more: false,
          readSeq: 0,
          joinedLater: false,
        })
      }
      listeners.add(tell)
      queueMicrotask(tell)
      return () => listeners.delete(tell)
    }) as CoreHost['watch'],
    async [Symbol.asyncDispose]() {
      await pause(1)
      disk.running--
    },
  }
}

function lineView(line: { localId: string; text: string }, index: number): Partial<TextMessageView> {
  return { kind: 'text', key: line.localId, seq: index + 1, text: line.text }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
